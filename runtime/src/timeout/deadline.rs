use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use super::{
    End, Timeout,
    config::{duration, nanos},
};
use crate::{
    Error,
    clock::{self, Instant},
    deadline::{NEVER, Time},
};

/// The time limit of one call, inside that of another one perhaps.
///
/// Its time starts when somebody first asks how much is left: a call that never waits reads no clock.
#[derive(Debug)]
pub struct Deadline<'p> {
    timeout: &'p Timeout,
    parent: Option<&'p Deadline<'p>>,
    /// In nanoseconds; [`NEVER`] for no limit.
    limit: u64,
    /// An [`End`].
    ///
    /// Atomic only to keep futures `Send`: the one task whose call this is reads and writes it, never two at a time. So
    /// there is no order between threads to get right, and nothing for a model of them to try.
    end: AtomicU64,
}

impl<'p> Deadline<'p> {
    /// A limit of `limit` for a call under `timeout`, unless another was set from outside; zero for none.
    #[inline]
    pub fn new(timeout: &'p Timeout, limit: Duration, parent: Option<&'p Deadline<'p>>) -> Self {
        let limit = timeout.nanos_for(nanos(limit));
        Self { timeout, parent, limit, end: AtomicU64::new(End::UNKNOWN.word()) }
    }

    /// When the first of this limit and those around it ends.
    pub fn instant(&self) -> Option<Instant> {
        let mut now = None;
        self.own_and_parents().filter_map(|deadline| deadline.own_end(&mut now).instant()).min()
    }

    fn own_and_parents(&self) -> impl Iterator<Item = &Deadline<'p>> {
        std::iter::successors(Some(self), |deadline| deadline.parent)
    }

    #[inline]
    fn end(&self) -> End {
        End::from_word(self.end.load(Relaxed))
    }

    fn set(&self, end: End) {
        self.end.store(end.word(), Relaxed);
    }

    fn own_end(&self, now: &mut Option<Instant>) -> End {
        let known = self.end();
        if self.limit == NEVER || known.instant().is_some() {
            return known;
        }
        let mut end = End::of(*now.get_or_insert_with(clock::now), self.limit);
        if known.has_passed() {
            end = end.passed();
        }
        self.set(end);
        end
    }

    /// What this limit and those around it add to the deadline.
    #[inline]
    pub(super) fn time(&self) -> Time {
        let own = match self.end().instant() {
            Some(end) => Time::until(end),
            None => Time::Unbegun(self.limit),
        };
        match self.parent {
            Some(parent) => own.and(parent.time()),
            None => own,
        }
    }

    /// The time of those that nobody has asked before begins at `at`.
    #[cold]
    pub(super) fn begin(&self, at: Instant) {
        let mut at = Some(at);
        self.own_and_parents().for_each(|deadline| {
            deadline.own_end(&mut at);
        });
    }

    /// Follows a deadline around that ends sooner than any of these, because the call went on elsewhere.
    #[cold]
    pub(super) fn hurry(&self) -> Option<Instant> {
        let first = self.own_and_parents().filter_map(|deadline| deadline.end().instant()).min()?;
        let end = End::sooner_around(first)?;
        self.set(if self.end().has_passed() { end.passed() } else { end });
        end.instant()
    }

    /// Whether one of them wants a timer of its own.
    pub(super) fn is_exact(&self) -> bool {
        self.own_and_parents().any(|deadline| deadline.limit != NEVER && deadline.timeout.is_exact())
    }

    /// Whether this limit or one around it has cut the call off.
    #[inline]
    pub fn has_passed(&self) -> bool {
        self.own_and_parents().any(|deadline| deadline.end().has_passed())
    }

    /// Marks as passed the limit that ended first, the outermost of equals, and gives its error.
    #[cold]
    pub(crate) fn pass(&self) -> Error {
        let mut now = None;
        let ended = self
            .own_and_parents()
            .filter_map(|deadline| Some((deadline.own_end(&mut now).instant()?, deadline)))
            .reduce(|inner, outer| if outer.0 <= inner.0 { outer } else { inner })
            .map_or(self, |(_, deadline)| deadline);
        let end = ended.end();
        ended.set(end.passed());
        match end.is_of_deadline_around() {
            true => ended.timeout.deadline_exceeded(),
            false => ended.timeout.timed_out_after(duration(ended.limit)),
        }
    }

    /// Marks this limit as passed before the call was begun, because the deadline around has.
    #[cold]
    pub(super) fn refuse(&self) -> Error {
        self.set(self.end().passed());
        self.timeout.deadline_exceeded()
    }
}
