//! Limits and scopes inside each other beside a plain model of them, through random steps. `MAINSTAY_STEPS` says how many.

use std::time::Duration;

use super::ambient::{self, Carried, Carry, Entered, Time};
use crate::{
    clock::{Instant, ManualClock},
    histories,
};

/// One poll or call, as one would write it down.
#[derive(Debug, Clone, Copy)]
enum Level {
    /// A limit whose time has not begun before this poll: how long it is, and when somebody asked.
    Unbegun {
        limit: u64,
        began: Option<u64>,
    },
    /// One whose time has.
    Begun {
        end: u64,
    },
    Within {
        end: u64,
    },
    Only {
        end: Option<u64>,
    },
}

/// What undoes it.
#[derive(Debug)]
enum Guard {
    Limit(Entered),
    Scope { _carried: Carried },
}

/// Those that count here, the innermost first.
fn in_sight(levels: &mut [Level]) -> &mut [Level] {
    let first = levels.iter().rposition(|level| matches!(level, Level::Only { .. })).unwrap_or_default();
    &mut levels[first..]
}

impl Level {
    fn end(self) -> Option<u64> {
        match self {
            Self::Unbegun { limit, began } => Some(began? + limit),
            Self::Begun { end } | Self::Within { end } => Some(end),
            Self::Only { end } => end,
        }
    }

    fn soft_end(self) -> Option<u64> {
        match self {
            Self::Within { .. } | Self::Only { .. } => self.end(),
            _ => None,
        }
    }

    fn enter(self) -> Guard {
        let at = Instant::from_nanos;
        match self {
            Self::Unbegun { limit, .. } => Guard::Limit(Entered::new(Time::unbegun(limit))),
            Self::Begun { end } => Guard::Limit(Entered::new(Time::until(at(end)))),
            Self::Within { end } => Guard::Scope { _carried: Carry::Within(at(end)).enter() },
            Self::Only { end } => Guard::Scope { _carried: Carry::Only(end.map(at)).enter() },
        }
    }
}

fn life(random: &mut fastrand::Rng, steps: usize) {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let (mut levels, mut guards) = (Vec::<Level>::new(), Vec::<Guard>::new());
    for _ in 0..steps {
        let now = clock.now().as_nanos();
        match random.u8(..10) {
            0 | 1 => clock.advance(Duration::from_nanos(random.u64(..5))),
            2..5 if levels.len() < 8 => {
                let (limit, end) = (random.u64(1..20), now + random.u64(..20));
                let level = match random.u8(..8) {
                    0..4 => Level::Unbegun { limit, began: None },
                    4 | 5 => Level::Begun { end },
                    6 => Level::Within { end },
                    _ => Level::Only { end: random.bool().then_some(end) },
                };
                guards.push(level.enter());
                levels.push(level);
            }
            2..7 => {
                if let (Some(level), Some(guard)) = (levels.pop(), guards.pop())
                    && let (Level::Unbegun { began, .. }, Guard::Limit(entered)) = (level, &guard)
                {
                    assert_eq!(entered.asked().map(Instant::as_nanos), began, "{levels:?} {level:?}");
                }
            }
            7 => {
                let running = in_sight(&mut levels).iter().any(|level| level.end().is_some());
                assert_eq!(ambient::is_running(), running, "{levels:?}");
                let ended =
                    in_sight(&mut levels).iter().filter_map(|level| level.end()).any(|end| end <= now);
                assert_eq!(ambient::has_ended(), ended, "{levels:?}");
            }
            8 => {
                let soft = in_sight(&mut levels).iter().filter_map(|level| level.soft_end()).min();
                assert_eq!(ambient::soft_end().map(Instant::as_nanos), soft, "{levels:?}");
            }
            _ => {
                for level in in_sight(&mut levels) {
                    if let Level::Unbegun { began, .. } = level {
                        began.get_or_insert(now);
                    }
                }
                let end = in_sight(&mut levels).iter().filter_map(|level| level.end()).min();
                assert_eq!(ambient::end().map(Instant::as_nanos), end, "{levels:?}");
            }
        }
    }
    while guards.pop().is_some() {}
    assert!(!ambient::is_running() && ambient::end().is_none() && ambient::soft_end().is_none());
}

#[test]
fn limits_and_scopes_tell_what_their_model_says() {
    const LIFE: usize = 60;
    histories::run(300_000, |seed| {
        life(&mut fastrand::Rng::with_seed(seed), LIFE);
        LIFE as u64
    });
}
