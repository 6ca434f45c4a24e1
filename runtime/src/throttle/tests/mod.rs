mod configuring;
mod model;
mod refusing;

use std::time::Duration;

use super::{Throttle, ThrottleConfig};
use crate::clock::ManualClock;

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn throttle(config: ThrottleConfig) -> Throttle {
    config.build("test").unwrap()
}

/// So many calls, of which the server accepts those that `accepts` says by number; how many reached it.
fn calls(throttle: &Throttle, count: u64, accepts: impl Fn(u64) -> bool) -> u64 {
    let mut sent = 0;
    for _ in 0..count {
        let Ok(permit) = throttle.admit() else { continue };
        if accepts(sent) {
            permit.accepted()
        } else {
            permit.rejected()
        }
        sent += 1;
    }
    sent
}
