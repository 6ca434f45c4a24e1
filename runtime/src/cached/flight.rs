use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
};

use super::entry::Outcome;

/// A load that is under way, and those who wait for what it gives.
pub(super) struct Flight<K, V> {
    pub(super) key: K,
    /// Whether it refreshes what callers still get meanwhile. Nobody is there who would end it.
    pub(super) is_refresh: bool,
    state: Mutex<State<V>>,
}

struct State<V> {
    phase: Phase<V>,
    /// By arrival. One that has not been polled has no waker.
    waiting: BTreeMap<u64, Option<Waker>>,
    next: u64,
}

enum Phase<V> {
    /// Somebody loads.
    Led,
    /// Whoever loaded went away, and it is for this waiter to go on.
    Left { heir: u64 },
    /// Here it is.
    Done(Arc<Outcome<V>>),
}

/// What a waiter finds.
pub(super) enum Found<V> {
    Nothing,
    Done(Arc<Outcome<V>>),
    /// It is its turn to load.
    Lead,
}

impl<K, V> Flight<K, V> {
    pub(super) fn new(key: K, is_refresh: bool) -> Self {
        let state = State { phase: Phase::Led, waiting: BTreeMap::new(), next: 0 };
        Self { key, is_refresh, state: Mutex::new(state) }
    }

    fn lock(&self) -> MutexGuard<'_, State<V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more waits; its ticket.
    pub(super) fn join(&self) -> u64 {
        let mut state = self.lock();
        let ticket = state.next;
        state.next += 1;
        state.waiting.insert(ticket, None);
        ticket
    }

    /// What there is for the waiter. It is woken when that changes.
    pub(super) fn look(&self, ticket: u64, waker: &Waker) -> Found<V> {
        let mut state = self.lock();
        let found = match &state.phase {
            Phase::Done(outcome) => Found::Done(Arc::clone(outcome)),
            Phase::Left { heir } if *heir == ticket => Found::Lead,
            _ => {
                let replaced = match state.waiting.get_mut(&ticket) {
                    Some(Some(known)) if known.will_wake(waker) => None,
                    Some(place) => place.replace(waker.clone()),
                    None => None,
                };
                // A waker may be the last of a task that waits here as well.
                drop(state);
                drop(replaced);
                return Found::Nothing;
            }
        };
        let own = state.waiting.remove(&ticket);
        if let Found::Lead = found {
            state.phase = Phase::Led;
        }
        drop(state);
        drop(own);
        found
    }

    /// The waiter goes. `true` if it was to go on with the load: then [`pass_on`](Self::pass_on) comes next.
    pub(super) fn leave(&self, ticket: u64) -> bool {
        let mut state = self.lock();
        let own = state.waiting.remove(&ticket);
        let was_heir = matches!(state.phase, Phase::Left { heir } if heir == ticket);
        drop(state);
        drop(own);
        was_heir
    }

    /// Whoever was to load does not: the one who has waited longest is next. `false` if nobody waits.
    pub(super) fn pass_on(&self) -> Result<Option<Waker>, NobodyWaits> {
        let mut state = self.lock();
        let Some((heir, waker)) = state.waiting.iter_mut().next() else { return Err(NobodyWaits) };
        let (heir, waker) = (*heir, waker.take());
        state.phase = Phase::Left { heir };
        Ok(waker)
    }

    /// The load is done; who is to be woken.
    pub(super) fn finish(&self, outcome: Arc<Outcome<V>>) -> Vec<Waker> {
        let mut state = self.lock();
        state.phase = Phase::Done(outcome);
        state.waiting.values_mut().filter_map(Option::take).collect()
    }

    /// Whether it is done.
    pub(super) fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }
}

/// There is nobody to go on with a load.
pub(super) struct NobodyWaits;
