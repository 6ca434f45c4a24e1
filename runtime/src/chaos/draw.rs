//! From a seed, a name and a number to the fate of a call. Nothing else goes in, not even the machine.

use std::time::Duration;

use super::{ChaosConfig, End, Fate};
use crate::clock::nanos;

/// The golden ratio's fraction in 64 bits: what SplitMix64 steps by.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// What the numbers of one policy under one seed begin with: SplitMix64's mix of the seed and FNV-1a of the name's bytes.
pub(super) fn stream(name: &str, seed: u64) -> u64 {
    let hash = name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    mix(seed ^ hash)
}

/// The finalizer of SplitMix64.
const fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// The `which`-th number of a call, from 0 up to but not 1. A call has four, whether it needs them or not, so that a rate
/// that is changed changes nothing else.
fn number(stream: u64, call: u64, which: u64) -> f64 {
    let place = call.wrapping_mul(4).wrapping_add(which);
    let word = mix(stream.wrapping_add(place.wrapping_mul(STEP)));
    // The upper 53 bits are what a double holds exactly.
    (word >> 11) as f64 / (1_u64 << 53) as f64
}

/// The first number says how the call ends, the second whether it is late, and the third how late.
pub(super) fn fate(config: &ChaosConfig, stream: u64, call: u64) -> Fate {
    let end = number(stream, call, 0);
    let (drops, panics) = (config.drop_rate, config.drop_rate + config.panic_rate);
    let end = match () {
        () if end < drops => End::Hang,
        () if end < panics => End::Panic,
        () if end < panics + config.error_rate => End::Fail(None),
        () => End::Pass,
    };
    let is_late = number(stream, call, 1) < config.latency_rate;
    let delay = if is_late { delay(config, number(stream, call, 2)) } else { Duration::ZERO };
    Fate { delay, end }
}

fn delay(config: &ChaosConfig, share: f64) -> Duration {
    let room = config.latency_max.map_or(0, |most| nanos(most.saturating_sub(config.latency)));
    config.latency.saturating_add(Duration::from_nanos((room as f64 * share) as u64))
}
