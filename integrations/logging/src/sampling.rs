//! Lines that repeat: so many of each place in a while, then one that says how many more there were.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use mainstay_runtime::clock::Instant;
use tracing::{Level, callsite::Identifier};

/// How many places are told apart. Lines of further ones are not sampled.
const MOST_PLACES: usize = 10_000;

/// Where a line comes from: a place in the source, and for loggers that all code shares, the message too.
pub(crate) type Place = (Identifier, u64);

#[derive(Debug)]
pub(crate) struct Sampling {
    first: u32,
    interval: Duration,
    hasher: RandomState,
    places: Mutex<HashMap<Place, Seen>>,
    /// When the first interval ends in which lines were left out; nothing is due before.
    due: AtomicU64,
}

#[derive(Debug)]
struct Seen {
    ends: Instant,
    count: u32,
    left_out: Option<Repeated>,
}

/// Lines that were left out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Repeated {
    pub(crate) times: u64,
    pub(crate) level: Level,
    pub(crate) target: String,
    /// The message of the first that was left out.
    pub(crate) message: String,
}

impl Sampling {
    pub(crate) fn new(first: u32, interval: Duration) -> Self {
        let never = AtomicU64::new(Instant::NEVER.as_nanos());
        Self { first, interval, hasher: RandomState::new(), places: Mutex::default(), due: never }
    }

    pub(crate) fn hash(&self, message: &str) -> u64 {
        self.hasher.hash_one(message)
    }

    /// Whether the line is written; if not, it is counted. `line` gives its level, target and message.
    pub(crate) fn admits(&self, place: &Place, now: Instant, line: impl FnOnce() -> Repeated) -> bool {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if !places.contains_key(place) {
            if places.len() >= MOST_PLACES {
                places.retain(|_, seen| seen.ends > now || seen.left_out.is_some());
            }
            if places.len() >= MOST_PLACES {
                return true;
            }
        }
        let ends = now + self.interval;
        let seen = places.entry(place.clone()).or_insert(Seen { ends, count: 0, left_out: None });
        if seen.ends <= now && seen.left_out.is_none() {
            (seen.ends, seen.count) = (ends, 0);
        }
        if seen.count < self.first {
            seen.count += 1;
            return true;
        }
        seen.left_out.get_or_insert_with(line).times += 1;
        self.due.fetch_min(seen.ends.as_nanos(), Relaxed);
        false
    }

    pub(crate) fn is_due(&self, now: Instant) -> bool {
        self.due.load(Relaxed) <= now.as_nanos()
    }

    /// What was left out in the intervals that are over; in all that have begun, if `now` is never.
    pub(crate) fn take_due(&self, now: Instant) -> Vec<Repeated> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut due, mut next) = (Vec::new(), Instant::NEVER);
        for seen in places.values_mut() {
            if seen.ends <= now {
                due.extend(seen.left_out.take());
            } else if seen.left_out.is_some() {
                next = next.min(seen.ends);
            }
        }
        self.due.store(next.as_nanos(), Relaxed);
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(number: u64) -> Place {
        static METADATA: std::sync::OnceLock<Identifier> = std::sync::OnceLock::new();
        let identifier = METADATA.get_or_init(|| {
            let span = tracing::Span::none();
            drop(span);
            tracing::callsite!(name: "x", kind: tracing::metadata::Kind::EVENT, fields: a)
                .metadata()
                .callsite()
        });
        (identifier.clone(), number)
    }

    use tracing::callsite::Callsite;

    fn line() -> Repeated {
        Repeated { times: 0, level: Level::WARN, target: "t".into(), message: "m".into() }
    }

    #[test]
    fn the_first_of_each_interval_are_admitted_and_the_rest_is_counted() {
        let sampling = Sampling::new(2, Duration::from_secs(10));
        let at = |seconds: u64| Instant::from_nanos(seconds * 1_000_000_000);
        let admitted = (0..5).filter(|n| sampling.admits(&place(1), at(*n), line)).count();
        assert_eq!(admitted, 2);
        assert!(sampling.admits(&place(2), at(5), line), "another place has its own count");
        assert!(!sampling.is_due(at(9)) && sampling.take_due(at(9)).is_empty());
        assert!(sampling.is_due(at(10)));
        assert_eq!(sampling.take_due(at(10)), [Repeated { times: 3, ..line() }]);
        assert!(!sampling.is_due(at(1_000)));
        assert!(sampling.admits(&place(1), at(10), line));
        assert!(sampling.admits(&place(1), at(11), line));
        assert!(!sampling.admits(&place(1), at(11), line));
        assert_eq!(sampling.take_due(Instant::NEVER), [Repeated { times: 1, ..line() }]);
    }

    #[test]
    fn places_are_bounded_and_old_ones_make_room() {
        let sampling = Sampling::new(1, Duration::from_secs(10));
        let (early, late) = (Instant::from_nanos(1), Instant::from_nanos(20_000_000_000));
        for number in 0..MOST_PLACES as u64 {
            assert!(sampling.admits(&place(number), early, line));
        }
        let beyond = place(u64::MAX);
        assert!(sampling.admits(&beyond, early, line) && sampling.admits(&beyond, early, line));
        assert!(sampling.admits(&beyond, late, line) && !sampling.admits(&beyond, late, line));
    }
}
