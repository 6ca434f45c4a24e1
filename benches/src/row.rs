//! A row is one way to do a path's work, ours or a peer's; a path is what is compared.

use std::{
    future::Future,
    hint::black_box,
    pin::pin,
    sync::Arc,
    task::{Context, Wake, Waker},
    time::{Duration, Instant},
};

use crate::work::runtime;

/// The rows that are measured against one another.
#[derive(Clone, Copy)]
pub struct Path {
    /// As the tables call it. The filter of the command line is the beginning of one.
    pub name: &'static str,
    /// What section 4 of the project's design asks for, or nothing.
    pub goal: &'static str,
    /// Whether several threads measure it too.
    pub threads: bool,
    /// The fewest calls of one sample; more where the state is large.
    pub calls: u64,
    /// Made when it is measured, so that a filtered run is quick. The first row is ours.
    pub rows: fn() -> Vec<Row>,
}

/// One way to do a path's work.
pub struct Row {
    pub who: &'static str,
    /// Does less work than ours, or another: shown, but not the best peer.
    pub aside: bool,
    run: Box<dyn Fn(usize, u64) -> Duration + Send + Sync>,
}

impl Row {
    /// A call that any thread may make.
    pub fn new<R>(who: &'static str, call: impl Fn() -> R + Send + Sync + 'static) -> Self {
        Self::batch(who, move |_, calls| {
            timed(|| {
                for _ in 0..calls {
                    black_box(call());
                }
            })
        })
    }

    /// A closure for each thread: with keys of its own in it, or a clone of a service. What makes it is not measured.
    pub fn per_thread<R, C: FnMut() -> R>(
        who: &'static str,
        caller: impl Fn(usize) -> C + Send + Sync + 'static,
    ) -> Self {
        Self::batch(who, move |thread, calls| {
            let mut call = caller(thread);
            timed(|| {
                for _ in 0..calls {
                    black_box(call());
                }
            })
        })
    }

    /// Awaited one after the other on a runtime of one thread, where no timer is set but its own.
    pub fn awaited<F: Future>(who: &'static str, call: impl Fn() -> F + Send + Sync + 'static) -> Self {
        Self::batch(who, move |_, calls| {
            timed(|| {
                runtime().block_on(async {
                    for _ in 0..calls {
                        black_box(call().await);
                    }
                });
            })
        })
    }

    /// The same, while a timer is set that is due earlier than any of its own, as in a program that has work to do.
    pub fn awaited_among_timers<F: Future>(
        who: &'static str,
        call: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self {
        Self::batch(who, move |_, calls| {
            timed(|| {
                runtime().block_on(async {
                    let mut earlier = pin!(tokio::time::sleep(Duration::from_secs(5)));
                    assert!(earlier.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
                    for _ in 0..calls {
                        black_box(call().await);
                    }
                });
            })
        })
    }

    /// Polled by hand with a waker that is counted, until it is ready: what waiting itself costs, without a runtime's turns.
    pub fn polled<F: Future>(who: &'static str, call: impl Fn() -> F + Send + Sync + 'static) -> Self {
        Self::batch(who, move |_, calls| {
            let waker = Waker::from(Arc::new(Nobody));
            timed(|| (0..calls).for_each(|_| poll_to_its_end(call(), &waker)))
        })
    }

    /// The same in two tasks by turns, so that none finds what it left behind.
    pub fn polled_by_turns<F: Future>(
        who: &'static str,
        call: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self {
        Self::batch(who, move |_, calls| {
            let wakers = [Nobody, Nobody].map(|nobody| Waker::from(Arc::new(nobody)));
            timed(|| (0..calls).for_each(|n| poll_to_its_end(call(), &wakers[n as usize % 2])))
        })
    }

    fn batch(who: &'static str, run: impl Fn(usize, u64) -> Duration + Send + Sync + 'static) -> Self {
        Self { who, aside: false, run: Box::new(run) }
    }

    /// Not to be taken for the best peer; its name says why.
    pub fn aside(mut self) -> Self {
        self.aside = true;
        self
    }

    /// Makes so many calls, as the thread of that number, and tells how long they took.
    pub fn run(&self, thread: usize, calls: u64) -> Duration {
        (self.run)(thread, calls)
    }
}

/// A task that nobody runs.
struct Nobody;

impl Wake for Nobody {
    fn wake(self: Arc<Self>) {}
    fn wake_by_ref(self: &Arc<Self>) {}
}

#[inline(always)]
fn poll_to_its_end(future: impl Future, waker: &Waker) {
    let mut future = pin!(future);
    while black_box(future.as_mut().poll(&mut Context::from_waker(waker))).is_pending() {}
}

fn timed(calls: impl FnOnce()) -> Duration {
    let start = Instant::now();
    calls();
    start.elapsed()
}

/// State that lives as long as the process, as a service's does: rows share it by reference.
pub fn keep<T>(state: T) -> &'static T {
    Box::leak(Box::new(state))
}

/// Keys from 0 up, in turns, each thread from a place of its own.
pub fn keys(count: u64, thread: usize) -> impl FnMut() -> u64 {
    let mut key = count * thread as u64 / 4;
    move || {
        key += 1;
        if key >= count {
            key = 0;
        }
        key
    }
}
