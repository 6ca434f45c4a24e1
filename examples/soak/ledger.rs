//! What callers and bodies saw, counted apart from the policies.

use std::{
    sync::atomic::{AtomicU64, Ordering::SeqCst},
    thread::panicking,
};

use mainstay::Kind;

use crate::{
    failure::{Answer, Failure},
    fault::Fault,
};

macro_rules! counts {
    ($(#[$doc:meta])* $name:ident { $($field:ident),* }) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub struct $name { $(pub $field: AtomicU64),* }

        impl $name {
            pub const fn new() -> Self {
                Self { $($field: AtomicU64::new(0)),* }
            }
        }
    };
}

counts! {
    /// Calls, by how they ended for those who made them.
    Calls { started, ok, error, refused, timed_out, cancelled, panicked }
}

counts! {
    /// Runs of the code under the policies, by how they ended.
    Bodies { started, ok, reset, declined, panicked, dropped, inside, most_inside }
}

pub fn get(count: &AtomicU64) -> u64 {
    count.load(SeqCst)
}

fn raise(count: &AtomicU64) {
    count.fetch_add(1, SeqCst);
}

/// One way through the policies.
#[derive(Debug)]
pub struct Line {
    pub name: &'static str,
    pub calls: Calls,
    pub bodies: Bodies,
}

impl Line {
    pub const fn new(name: &'static str) -> Self {
        Self { name, calls: Calls::new(), bodies: Bodies::new() }
    }

    pub fn call(&self) -> Call<'_> {
        raise(&self.calls.started);
        Call { calls: &self.calls, ended: false }
    }

    pub async fn body(&self, fault: Fault) -> Answer {
        let body = Body::enter(&self.bodies);
        body.leave(fault.act().await)
    }

    pub fn body_sync(&self, fault: Fault) -> Answer {
        let body = Body::enter(&self.bodies);
        body.leave(fault.act_sync())
    }
}

impl Calls {
    pub fn ended(&self) -> u64 {
        let ways = [&self.ok, &self.error, &self.refused, &self.timed_out, &self.cancelled, &self.panicked];
        ways.into_iter().map(get).sum()
    }
}

impl Bodies {
    pub fn ended(&self) -> u64 {
        [&self.ok, &self.reset, &self.declined, &self.panicked, &self.dropped].into_iter().map(get).sum()
    }
}

/// A call that has begun; dropped before it ends, it was cancelled or has panicked.
pub struct Call<'a> {
    calls: &'a Calls,
    ended: bool,
}

impl Call<'_> {
    pub fn end(mut self, answer: &Answer) {
        self.ended = true;
        raise(match answer.as_ref().map_err(Failure::kind) {
            Ok(_) => &self.calls.ok,
            Err(None) => &self.calls.error,
            Err(Some(Kind::TimedOut)) => &self.calls.timed_out,
            Err(Some(_)) => &self.calls.refused,
        });
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if !self.ended {
            raise(if panicking() { &self.calls.panicked } else { &self.calls.cancelled });
        }
    }
}

struct Body<'a> {
    bodies: &'a Bodies,
    ended: bool,
}

impl<'a> Body<'a> {
    fn enter(bodies: &'a Bodies) -> Self {
        raise(&bodies.started);
        let inside = bodies.inside.fetch_add(1, SeqCst) + 1;
        bodies.most_inside.fetch_max(inside, SeqCst);
        Self { bodies, ended: false }
    }

    fn leave(mut self, answer: Answer) -> Answer {
        self.ended = true;
        raise(match &answer {
            Ok(_) => &self.bodies.ok,
            Err(Failure::Reset) => &self.bodies.reset,
            Err(_) => &self.bodies.declined,
        });
        answer
    }
}

impl Drop for Body<'_> {
    fn drop(&mut self) {
        if !self.ended {
            raise(if panicking() { &self.bodies.panicked } else { &self.bodies.dropped });
        }
        self.bodies.inside.fetch_sub(1, SeqCst);
    }
}
