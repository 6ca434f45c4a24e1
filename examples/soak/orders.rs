//! Somebody who changes the policies while they are at work.

use fastrand::Rng;
use mainstay::{policies, rate_limit::Rate};

use crate::services::MOST_PLACES;

/// Gives one order. All leave the totals as they are, which `laws.rs` counts on.
pub fn give(random: &mut Rng) {
    match random.u8(0..10) {
        0 => places("soak.bulkhead", random),
        1 => places("soak.stack", random),
        2 => limit(random),
        3 => breaker("soak.stack", random),
        4 => breaker("soak.sync", random),
        5 => breaker("soak.breaker", random),
        6 => keys(random),
        // Forced orders do not last.
        _ => policies().circuit_breakers().into_iter().for_each(|breaker| breaker.resume()),
    }
}

fn places(name: &str, random: &mut Rng) {
    let Some(bulkhead) = policies().bulkhead(name) else { return };
    if random.u8(0..4) == 0 {
        bulkhead.reset();
    } else {
        let _ = bulkhead.set_limit(random.u32(1..=MOST_PLACES));
    }
}

fn limit(random: &mut Rng) {
    let Some(limiter) = policies().rate_limiter("soak.stack") else { return };
    match random.u8(0..3) {
        0 => limiter.reset(),
        1 => {
            let _ = limiter.set_rate(Rate::per_second(random.u32(1_000..20_000)));
        }
        _ => {
            let _ = limiter.reconfigure(Rate::per_second(20_000), random.u32(10..200));
        }
    }
}

fn breaker(name: &str, random: &mut Rng) {
    let Some(breaker) = policies().circuit_breaker(name) else { return };
    match random.u8(0..4) {
        0 => breaker.force_open(),
        1 => breaker.observe_only(),
        2 => breaker.close(),
        _ => drop(breaker.counts()),
    }
}

fn keys(random: &mut Rng) {
    match (
        random.bool(),
        policies().keyed_circuit_breaker("soak.keys"),
        policies().keyed_rate_limiter("soak.keys"),
    ) {
        (true, Some(breakers), _) => breakers.reset(),
        (false, _, Some(limiters)) => limiters.reset(),
        _ => {}
    }
}
