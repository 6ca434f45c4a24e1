use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};

use tokio::sync::Semaphore;

use crate::{
    clock::Instant,
    rate_limit::amount::Amount,
    sync::{AtomicU32, Mutex, MutexGuard, Ordering},
};

/// Those of this process who wait for tokens, a line for each key.
///
/// The first of a line asks the store and sleeps as long as it says; the others wait for their turn. So they are served in
/// the order of arrival, and the store is asked once or twice for each and not by all at once.
#[derive(Debug)]
pub(super) struct Lines {
    by_key: Mutex<BTreeMap<String, Waiting>>,
    waiting: AtomicU32,
}

#[derive(Debug)]
struct Waiting {
    turnstile: Arc<Semaphore>,
    count: u32,
    /// What they want together, in millionths of a token.
    wanted: u64,
    first: Option<First>,
}

/// The one who is through the turnstile, once the store has said when.
#[derive(Debug, Clone, Copy)]
struct First {
    due: Instant,
    amount: u64,
}

/// What those in a line before a request leave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// When the first gets its tokens, if that is known.
    pub(super) first_due: Option<Instant>,
    /// What those behind the first want, in millionths of a token.
    pub(super) behind_first: u64,
}

impl Lines {
    pub(super) const fn new() -> Self {
        Self { by_key: Mutex::new(BTreeMap::new()), waiting: AtomicU32::new(0) }
    }

    pub(super) fn waiting(&self) -> u32 {
        self.waiting.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Waiting>> {
        self.by_key.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether somebody waits for tokens of this key.
    pub(super) fn are_before(&self, key: &str) -> bool {
        self.waiting() > 0 && self.lock().contains_key(key)
    }

    /// Takes the last place in the line of this key. `None` for the line: nobody is before it.
    pub(super) fn join(&self, key: &str, amount: Amount) -> (Place<'_>, Option<Line>) {
        let mut by_key = self.lock();
        let waiting = by_key.entry(key.to_owned()).or_insert_with(|| Waiting {
            turnstile: Arc::new(Semaphore::new(1)),
            count: 0,
            wanted: 0,
            first: None,
        });
        let before = (waiting.count > 0).then(|| waiting.line());
        waiting.count += 1;
        waiting.wanted = waiting.wanted.saturating_add(amount.0);
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let turnstile = Arc::clone(&waiting.turnstile);
        (Place { lines: self, key: key.to_owned(), amount, turnstile }, before)
    }
}

impl Waiting {
    fn line(&self) -> Line {
        let of_first = self.first.map_or(0, |first| first.amount);
        Line {
            first_due: self.first.map(|first| first.due),
            behind_first: self.wanted.saturating_sub(of_first),
        }
    }
}

/// A place in a line, given back when dropped.
#[derive(Debug)]
pub(super) struct Place<'a> {
    lines: &'a Lines,
    key: String,
    amount: Amount,
    pub(super) turnstile: Arc<Semaphore>,
}

impl Place<'_> {
    /// Tells those behind when the first gets its tokens.
    pub(super) fn expect(&self, due: Instant) {
        if let Some(waiting) = self.lines.lock().get_mut(&self.key) {
            waiting.first = Some(First { due, amount: self.amount.0 });
        }
    }

    /// Says that the first is no longer there: who is next asks the store itself.
    pub(super) fn leave_first(&self) {
        if let Some(waiting) = self.lines.lock().get_mut(&self.key) {
            waiting.first = None;
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut by_key = self.lines.lock();
        if let Some(waiting) = by_key.get_mut(&self.key) {
            waiting.count = waiting.count.saturating_sub(1);
            waiting.wanted = waiting.wanted.saturating_sub(self.amount.0);
            if waiting.count == 0 {
                by_key.remove(&self.key);
            }
        }
        self.lines.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_there_as_long_as_somebody_stands_in_it() {
        let lines = Lines::new();
        let (first, none) = lines.join("a", Amount::ONE);
        assert_eq!((none, lines.are_before("a"), lines.are_before("b")), (None, true, false));
        first.expect(Instant::from_nanos(7));
        let (second, before) = lines.join("a", Amount::ONE);
        assert_eq!(before, Some(Line { first_due: Some(Instant::from_nanos(7)), behind_first: 0 }));
        let (third, before) = lines.join("a", Amount::whole(2));
        let behind_first = Amount::ONE.0;
        assert_eq!(before, Some(Line { first_due: Some(Instant::from_nanos(7)), behind_first }));
        first.leave_first();
        drop(first);
        let (fourth, before) = lines.join("a", Amount::ONE);
        assert_eq!(before, Some(Line { first_due: None, behind_first: 3 * Amount::ONE.0 }));
        drop((second, third, fourth));
        assert!(!lines.are_before("a") && lines.waiting() == 0);
    }
}
