use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use super::Timeout;
use crate::{
    Error,
    clock::{self, Instant, nanos},
};

/// The time limit of one call, inside that of another one perhaps.
///
/// Its time starts when somebody first asks how much is left: a call that never waits reads no clock.
#[derive(Debug)]
pub struct Deadline<'p> {
    timeout: &'p Timeout,
    parent: Option<&'p Deadline<'p>>,
    /// In nanoseconds; zero for no limit.
    limit: u64,
    /// When it ends, zero as long as nobody asked; and [`PASSED`].
    ///
    /// Atomic only to keep futures `Send`: the one task whose call this is reads and writes it, never two at a time. So
    /// there is no order between threads to get right, and nothing for a model of them to try.
    state: AtomicU64,
}

/// Set in a deadline that has cut the call off. Three centuries of nanoseconds do not reach this bit.
const PASSED: u64 = 1 << 63;

impl<'p> Deadline<'p> {
    /// A limit of `limit` for a call under `timeout`; zero for none.
    #[inline]
    pub const fn new(timeout: &'p Timeout, limit: Duration, parent: Option<&'p Deadline<'p>>) -> Self {
        Self { timeout, parent, limit: nanos(limit), state: AtomicU64::new(0) }
    }

    /// When the first of this limit and those around it ends.
    pub fn instant(&self) -> Option<Instant> {
        let mut now = None;
        self.own_and_parents().filter_map(|deadline| deadline.own_instant(&mut now)).min()
    }

    fn own_and_parents(&self) -> impl Iterator<Item = &Deadline<'p>> {
        std::iter::successors(Some(self), |deadline| deadline.parent)
    }

    fn own_instant(&self, now: &mut Option<Instant>) -> Option<Instant> {
        if self.limit == 0 {
            return None;
        }
        let known = self.state.load(Relaxed) & !PASSED;
        if known != 0 {
            return Some(Instant::from_nanos(known));
        }
        let at = *now.get_or_insert_with(clock::now) + Duration::from_nanos(self.limit);
        let at = at.min(Instant::from_nanos(!PASSED));
        self.state.fetch_or(at.as_nanos(), Relaxed);
        Some(at)
    }

    /// Whether this limit or one around it has cut the call off.
    #[inline]
    pub fn has_passed(&self) -> bool {
        self.own_and_parents().any(|deadline| deadline.state.load(Relaxed) & PASSED != 0)
    }

    /// Marks as passed the limit that ended first, the outermost of equals, and gives its error.
    #[cold]
    pub(crate) fn pass(&self) -> Error {
        let mut now = None;
        let ended = self
            .own_and_parents()
            .filter_map(|deadline| Some((deadline.own_instant(&mut now)?, deadline)))
            .reduce(|inner, outer| if outer.0 <= inner.0 { outer } else { inner })
            .map_or(self, |(_, deadline)| deadline);
        ended.state.fetch_or(PASSED, Relaxed);
        ended.timeout.timed_out_after(Duration::from_nanos(ended.limit))
    }
}
