use std::sync::atomic::{AtomicU64, Ordering};

use super::{SpanContext, TraceId};

/// Which traces are recorded, decided when a span begins and before anything of it is built.
///
/// ```
/// use mainstay_runtime::trace::Sampler;
///
/// let one_in_ten = Sampler::ratio(0.1).parent_based();
/// assert_eq!(Sampler::named("parentbased_traceidratio", Some("0.1")), Some(one_in_ten));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampler {
    ratio: f64,
    parent_based: bool,
}

/// As OpenTelemetry has it by default: all, unless the parent is not sampled.
impl Default for Sampler {
    fn default() -> Self {
        Self::always_on().parent_based()
    }
}

impl Sampler {
    /// Every span.
    pub const fn always_on() -> Self {
        Self { ratio: 1.0, parent_based: false }
    }

    /// No span.
    pub const fn always_off() -> Self {
        Self { ratio: 0.0, parent_based: false }
    }

    /// That share of all traces, by their ids: whoever asks with the same share, or a greater one, takes a trace as well. A
    /// ratio below 0 or no number is 0, one above 1 is 1.
    pub const fn ratio(ratio: f64) -> Self {
        let ratio = if ratio > 0.0 { ratio } else { 0.0 };
        Self { ratio: if ratio < 1.0 { ratio } else { 1.0 }, parent_based: false }
    }

    /// The same for the roots of traces; a span with a parent is sampled if that is.
    #[must_use]
    pub const fn parent_based(self) -> Self {
        Self { parent_based: true, ..self }
    }

    /// The sampler of that name in `OTEL_TRACES_SAMPLER`, with what `OTEL_TRACES_SAMPLER_ARG` says; `None` if there is none of
    /// that name, or the ratio is no number from 0 to 1.
    pub fn named(name: &str, argument: Option<&str>) -> Option<Self> {
        let (name, parent_based) = match name.strip_prefix("parentbased_") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let root = match name {
            "always_on" => Self::always_on(),
            "always_off" => Self::always_off(),
            "traceidratio" => {
                let ratio = argument.map_or(Ok(1.0), str::parse::<f64>).ok()?;
                Self::ratio(Some(ratio).filter(|ratio| (0.0..=1.0).contains(ratio))?)
            }
            _ => return None,
        };
        Some(Self { parent_based, ..root })
    }

    /// The share of traces.
    pub const fn share(self) -> f64 {
        self.ratio
    }

    /// Whether a span with a parent is sampled if that is.
    pub const fn is_parent_based(self) -> bool {
        self.parent_based
    }

    /// What OpenTelemetry's SDKs compare 63 bits of the trace id with.
    fn bound(self) -> u64 {
        (self.ratio * (1u64 << 63) as f64) as u64
    }
}

/// The sampler in force: its bound, and in the highest bit whether parents decide.
static IN_FORCE: AtomicU64 = AtomicU64::new(0);
const PARENT_BASED: u64 = 1 << 63;

/// A bound of 2⁶³ would need that bit: the one below it takes all, too, but one trace in 2⁶³.
const ALL: u64 = (1 << 63) - 1;

pub(super) fn put_in_force(sampler: Sampler) {
    let parent = if sampler.parent_based { PARENT_BASED } else { 0 };
    IN_FORCE.store(sampler.bound().min(ALL) | parent, Ordering::Relaxed);
}

/// The sampler in force, as one word.
#[derive(Clone, Copy)]
pub(super) struct Word(u64);

impl Word {
    #[inline]
    pub(super) fn load() -> Self {
        Self(IN_FORCE.load(Ordering::Relaxed))
    }

    /// Whether the trace is taken by its id.
    #[inline]
    pub(super) fn takes(self, trace: TraceId) -> bool {
        self.takes_low(trace.low())
    }

    /// The same by the lower half of the id.
    #[inline]
    pub(super) fn takes_low(self, low: u64) -> bool {
        let bound = self.0 & ALL;
        low >> 1 < bound || bound == ALL
    }

    /// Whether every trace is taken by its id.
    #[inline]
    pub(super) fn takes_all(self) -> bool {
        self.0 & ALL == ALL
    }

    /// Whether no trace is taken by its id.
    #[inline]
    pub(super) fn takes_none(self) -> bool {
        self.0 & ALL == 0
    }

    /// Whether parents decide.
    #[inline]
    pub(super) fn asks_parents(self) -> bool {
        self.0 & PARENT_BASED != 0
    }

    /// Whether a span with that parent is sampled.
    #[inline]
    pub(super) fn takes_child(self, parent: SpanContext) -> bool {
        if self.asks_parents() { parent.is_sampled() } else { self.takes(parent.trace_id) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::random;

    fn word(sampler: Sampler) -> Word {
        let parent = if sampler.parent_based { PARENT_BASED } else { 0 };
        Word(sampler.bound().min(ALL) | parent)
    }

    #[test]
    fn a_ratio_takes_its_share_and_a_greater_one_takes_those_too() {
        let (some, more) = (word(Sampler::ratio(0.1)), word(Sampler::ratio(0.3)));
        let ids: Vec<_> = (0..100_000).map(|_| random::trace_id()).collect();
        let count = |word: Word| ids.iter().filter(|id| word.takes(**id)).count();
        // Six standard deviations: 95 and 145.
        assert!((9_430..=10_570).contains(&count(some)), "{}", count(some));
        assert!((29_130..=30_870).contains(&count(more)), "{}", count(more));
        assert!(ids.iter().all(|id| more.takes(*id) || !some.takes(*id)));
    }

    #[test]
    fn all_and_none_are_exact() {
        for low in [0, 1, u64::MAX - 1, u64::MAX] {
            let id = TraceId::from_halves(1, low).unwrap();
            assert!(word(Sampler::always_on()).takes(id));
            assert!(!word(Sampler::always_off()).takes(id));
            assert!(word(Sampler::default()).takes(id));
        }
    }

    #[test]
    fn parents_decide_only_where_they_are_asked() {
        let parent = |flags: &str| {
            SpanContext::from_traceparent(&format!("00-{}-1234567890123456-{flags}", "1".repeat(32))).unwrap()
        };
        let (yes, no) = (parent("01"), parent("00"));
        let based = word(Sampler::always_off().parent_based());
        assert!(based.takes_child(yes) && !based.takes_child(no));
        let plain = word(Sampler::always_on());
        assert!(plain.takes_child(yes) && plain.takes_child(no));
    }

    #[test]
    fn samplers_are_found_by_their_names_in_opentelemetry() {
        assert_eq!(Sampler::named("parentbased_always_on", None), Some(Sampler::default()));
        assert_eq!(Sampler::named("always_off", Some("x")), Some(Sampler::always_off()));
        assert_eq!(Sampler::named("traceidratio", None), Some(Sampler::ratio(1.0)));
        for (name, argument) in
            [("traceidratio", "2"), ("traceidratio", "x"), ("traceidratio", "NaN"), ("xray", "")]
        {
            assert_eq!(Sampler::named(name, Some(argument)), None);
        }
        assert_eq!(Sampler::ratio(f64::NAN), Sampler::always_off());
    }
}
