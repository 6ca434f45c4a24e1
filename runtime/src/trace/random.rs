//! Ids: unique in a thread by construction, and in the world by the seed.

use std::{
    cell::Cell,
    hash::{BuildHasher, Hasher, RandomState},
};

use super::{SpanId, TraceId, sampler::Word};

thread_local! {
    /// The state of a multiplicative congruential generator of 128 bits (Lehmer, 1951), which is odd; zero before the first.
    static STATE: Cell<u128> = const { Cell::new(0) };
}

/// A multiplier with good spectra for such a state (Steele and Vigna, 2021).
const MULTIPLIER: u128 = 0xda94_2042_e4dd_58b5;

#[inline]
fn next() -> u128 {
    let state = STATE.get();
    let state = if state == 0 { seed() } else { state };
    let next = state.wrapping_mul(MULTIPLIER);
    STATE.set(next);
    next
}

/// From the operating system's randomness, of which the standard library takes some for each thread.
#[cold]
fn seed() -> u128 {
    let part = |number: u64| {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u64(number);
        u128::from(hasher.finish())
    };
    ((part(1) << 64) | part(2)) | 1
}

/// The id of a new trace. The generator never repeats a state, so no two of a thread are the same; its upper half, which
/// is the better one, becomes the lower half of the id, where samplers look.
#[inline]
pub(super) fn trace_id() -> TraceId {
    trace_of(next())
}

/// Draws the id of a new trace and throws it away; `false`, and nothing drawn, if the sampler takes it: it is the next one.
#[inline(never)]
pub(super) fn skip_unless(sampler: Word) -> bool {
    let next = STATE.get().wrapping_mul(MULTIPLIER);
    // Before the first draw there is no next one.
    let is_skipped = next != 0 && !sampler.takes_low((next >> 64) as u64);
    if is_skipped {
        STATE.set(next);
    }
    is_skipped
}

#[inline]
fn trace_of(state: u128) -> TraceId {
    TraceId::from_halves(state as u64, (state >> 64) as u64).unwrap_or(SOME_TRACE)
}

/// What an odd number is never.
pub(super) const SOME_TRACE: TraceId = match TraceId::from_halves(0, 1) {
    Some(id) => id,
    None => unreachable!(),
};

#[inline]
pub(super) fn span_id() -> SpanId {
    match SpanId::from_u64((next() >> 64) as u64) {
        Some(id) => id,
        None => SOME_SPAN,
    }
}

pub(super) const SOME_SPAN: SpanId = match SpanId::from_u64(1) {
    Some(id) => id,
    None => unreachable!(),
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_differ_between_and_within_threads() {
        let of_a_thread = || (0..10_000).map(|_| (trace_id(), span_id())).collect::<Vec<_>>();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(of_a_thread)).collect();
        let all: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        let traces: HashSet<_> = all.iter().map(|(trace, _)| *trace).collect();
        let spans: HashSet<_> = all.iter().map(|(_, span)| *span).collect();
        assert_eq!((traces.len(), spans.len()), (40_000, 40_000));
    }

    #[test]
    fn each_of_the_lower_56_bits_is_set_in_half_of_the_ids() {
        let mut set = [0u32; 56];
        for _ in 0..20_000 {
            let low = trace_id().low();
            (0..56).for_each(|bit| set[bit] += u32::from(low >> bit & 1 == 1));
        }
        // Beyond six standard deviations once in a thousand million.
        assert!(set.iter().all(|count| (9_575..=10_425).contains(count)), "{set:?}");
    }
}
