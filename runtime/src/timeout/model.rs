//! Limits inside limits beside a plain model of them, through random steps. `MAINSTAY_STEPS` says how many.

use std::time::Duration;

use super::{Deadline, Timeout};
use crate::{Error, clock::ManualClock, histories};

/// The farthest instant that a deadline tells.
const FARTHEST: u128 = (1 << 62) - 1;

/// A limit as one would write it down.
#[derive(Debug, Clone, Copy)]
struct Plain {
    limit: Duration,
    ends: Option<u128>,
    passed: bool,
}

impl Plain {
    /// When it ends, counted from `now` if nobody asked before.
    fn end(&mut self, now: u128) -> Option<u128> {
        if self.limit.is_zero() {
            return None;
        }
        Some(*self.ends.get_or_insert((now + self.limit.as_nanos().min(u64::MAX.into())).min(FARTHEST)))
    }
}

fn limit(random: &mut fastrand::Rng) -> Duration {
    match random.u8(..8) {
        0 => Duration::ZERO,
        1 => Duration::MAX,
        2 => Duration::from_nanos(random.u64(..)),
        // Few different ones, so that two limits often end at the same instant.
        _ => Duration::from_secs(random.u64(1..4)),
    }
}

/// One call four limits deep; a limit of zero is none.
fn call(random: &mut fastrand::Rng, steps: usize) {
    const NAMES: [&str; 4] = ["outermost", "outer", "inner", "innermost"];
    let clock = ManualClock::new();
    let _installed = clock.install();
    let mut model = NAMES.map(|_| Plain { limit: limit(random), ends: None, passed: false });
    let timeouts = NAMES.map(|name| Timeout::from_static(name, Duration::ZERO));
    let outermost = Deadline::new(&timeouts[0], model[0].limit, None);
    let outer = Deadline::new(&timeouts[1], model[1].limit, Some(&outermost));
    let inner = Deadline::new(&timeouts[2], model[2].limit, Some(&outer));
    let innermost = Deadline::new(&timeouts[3], model[3].limit, Some(&inner));
    let deadlines = [&outermost, &outer, &inner, &innermost];
    for _ in 0..steps {
        let now = u128::from(clock.now().as_nanos());
        let depth = random.usize(..4);
        let around = &mut model[..=depth];
        match random.u8(..8) {
            0..3 => clock.advance(Duration::from_millis(random.u64(..2000))),
            3..6 => {
                let expected = around.iter_mut().filter_map(|plain| plain.end(now)).min();
                let told = deadlines[depth].instant().map(|at| u128::from(at.as_nanos()));
                assert_eq!(told, expected, "{model:?}");
            }
            6 => {
                let mut ended = depth;
                let first = around.iter_mut().filter_map(|plain| plain.end(now)).min();
                if let Some(first) = first {
                    ended = around.iter_mut().position(|plain| plain.end(now) == Some(first)).unwrap();
                }
                around[ended].passed = true;
                let counted = timeouts[ended].timed_out();
                let limit = around[ended].limit.min(Duration::from_nanos(u64::MAX - 1));
                assert_eq!(deadlines[depth].pass(), Error::timed_out(NAMES[ended], limit), "{model:?}");
                assert_eq!(timeouts[ended].timed_out(), counted + 1);
            }
            _ => {
                let expected = around.iter().any(|plain| plain.passed);
                assert_eq!(deadlines[depth].has_passed(), expected, "{model:?}");
            }
        }
    }
}

#[test]
fn limits_inside_limits_end_when_their_model_says() {
    const LIFE: usize = 40;
    histories::run(200_000, |seed| {
        call(&mut fastrand::Rng::with_seed(seed), LIFE);
        LIFE as u64
    });
}
