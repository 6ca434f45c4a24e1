//! Who is connected, and who makes way when all places are taken.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

/// What clients may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many connections there may be.
    pub connections: usize,
    /// How long a client may take to say what it wants, and how long it may be silent afterwards.
    pub head: Duration,
    /// How many bytes it may say it in.
    pub head_bytes: usize,
    /// How long it may refuse to read on while it is answered.
    pub write: Duration,
}

impl Default for Limits {
    /// 64 connections, ten seconds, 16 KiB, twenty seconds.
    fn default() -> Self {
        Self {
            connections: 64,
            head: Duration::from_secs(10),
            head_bytes: 16 * 1024,
            write: Duration::from_secs(20),
        }
    }
}

/// The connections that are open.
#[derive(Debug)]
pub(crate) struct House {
    open: Mutex<BTreeMap<u64, Arc<Guest>>>,
    left: Notify,
    places: usize,
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Guest {
    number: u64,
    state: Mutex<State>,
    pub(crate) asked_to_leave: Notify,
}

#[derive(Debug)]
struct State {
    /// Answers under way.
    answers: usize,
    silent_since: Instant,
}

impl House {
    pub(crate) fn new(places: usize) -> Arc<Self> {
        Arc::new(Self { open: Mutex::default(), left: Notify::new(), places })
    }

    /// A place for one more connection. Where there is none, whoever has been silent longest makes way; if all are being
    /// answered, this waits.
    pub(crate) async fn enter(self: &Arc<Self>, number: u64) -> Place {
        let guest = Arc::new(Guest {
            number,
            state: Mutex::new(State { answers: 0, silent_since: Instant::now() }),
            asked_to_leave: Notify::new(),
        });
        while !self.admits(&guest) {
            self.left.notified().await;
        }
        Place { house: Arc::clone(self), guest }
    }

    fn admits(&self, guest: &Arc<Guest>) -> bool {
        let mut open = self.open();
        if open.len() >= self.places {
            let silent = open.values().filter_map(|guest| Some((guest.silent_since()?, guest.number)));
            let Some((_, longest)) = silent.min() else { return false };
            if let Some(leaving) = open.remove(&longest) {
                leaving.asked_to_leave.notify_one();
            }
        }
        open.insert(guest.number, Arc::clone(guest));
        true
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Guest>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guest {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn silent_since(&self) -> Option<Instant> {
        let state = self.state();
        (state.answers == 0).then_some(state.silent_since)
    }

    /// A request is being answered until this is dropped.
    pub(crate) fn answering(self: &Arc<Self>) -> Answering {
        self.state().answers += 1;
        Answering(Arc::clone(self))
    }
}

/// An answer under way.
#[derive(Debug)]
pub(crate) struct Answering(Arc<Guest>);

impl Drop for Answering {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.answers = state.answers.saturating_sub(1);
        state.silent_since = Instant::now();
    }
}

/// A connection's place, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    house: Arc<House>,
    pub(crate) guest: Arc<Guest>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.house.open().remove(&self.guest.number);
        self.house.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;

    use super::*;

    fn ready<F: Future>(future: F) -> Option<F::Output> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::pin!(future).poll(&mut context) {
            std::task::Poll::Ready(value) => Some(value),
            std::task::Poll::Pending => None,
        }
    }

    #[test]
    fn who_has_been_silent_longest_makes_way_and_nobody_who_is_answered() {
        let house = House::new(2);
        let first = ready(house.enter(1)).unwrap();
        let second = ready(house.enter(2)).unwrap();
        let answering = first.guest.answering();
        let third = ready(house.enter(3)).unwrap();
        assert!(ready(second.guest.asked_to_leave.notified()).is_some());
        assert!(ready(first.guest.asked_to_leave.notified()).is_none());
        let also = third.guest.answering();
        assert!(ready(house.enter(4)).is_none(), "both are being answered");
        drop(second);
        assert!(ready(house.enter(4)).is_none(), "it had made way already");
        drop((answering, also));
        assert!(ready(house.enter(5)).is_some());
    }
}
