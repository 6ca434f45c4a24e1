use std::time::Duration;

use super::{
    Algorithm, RateLimitConfig,
    amount::Amount,
    meter::{self, Meter, Turn},
    window::{self, Window},
};
use crate::clock::Instant;

/// How long what is unspent is kept after its last use.
const REST: Duration = Duration::from_secs(1);

/// How a request for tokens ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Attempt {
    /// The tokens are taken.
    Taken,
    /// Nothing was taken; the tokens will be there at `due`.
    Short { due: Instant, now: Instant },
    /// More was asked for than will ever be there.
    TooMuch { burst: f64 },
}

/// What one key has spent: the bucket's mark, or the window's start and counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spent {
    pub(super) mark: u64,
    pub(super) previous: u64,
    pub(super) current: u64,
}

/// What a limit is, apart from what is spent of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    Bucket(Meter),
    Window(Window),
}

impl Rule {
    pub(super) const fn new(config: &RateLimitConfig) -> Self {
        let sliding = match config.kind() {
            Algorithm::TokenBucket => {
                let (burst, initial) = (config.burst_tokens(), config.initial_tokens());
                return Self::Bucket(Meter::new(config.rate(), burst, initial));
            }
            Algorithm::SlidingWindow => true,
            Algorithm::FixedWindow => false,
        };
        let limit = Amount::whole(config.rate().amount()).0;
        Self::Window(Window { limit, period: config.rate().nanos(), sliding })
    }

    /// What a new key has spent.
    pub(super) const fn unspent(&self) -> Spent {
        let mark = match self {
            Self::Bucket(meter) => meter.new_mark(),
            Self::Window(_) => window::UNUSED,
        };
        Spent { mark, previous: 0, current: 0 }
    }

    /// The most tokens that are ever there, if that is less than `amount`.
    #[inline]
    pub(super) fn too_much(&self, amount: Amount) -> Option<f64> {
        match self {
            Self::Bucket(meter) if meter.cost(amount) > meter.burst => Some(meter.tokens(meter.burst)),
            Self::Window(window) if amount.0 > window.limit => Some(Amount(window.limit).tokens()),
            _ => None,
        }
    }

    /// Takes `amount`, unless it is not there or `ahead` is wanted by others first. `now` was read before the lock that
    /// guards `spent` was had; `clock` is asked again where that matters.
    #[inline]
    pub(super) fn take(
        &self,
        spent: &mut Spent,
        amount: Amount,
        ahead: u64,
        now: Instant,
        clock: impl Fn() -> Instant,
    ) -> Attempt {
        if let Self::Bucket(meter) = self
            && ahead == 0
        {
            match meter.judge_plainly(spent.mark, amount, now) {
                Some(meter::Verdict::Admit(mark)) => {
                    spent.mark = mark;
                    return Attempt::Taken;
                }
                Some(meter::Verdict::Wait(tick)) => {
                    return Attempt::Short { due: meter.instant(tick).max(now), now };
                }
                _ => {}
            }
        }
        self.take_with_care(spent, amount, ahead, Turn::Newcomer, now, clock)
    }

    /// Takes `amount` for the first in the queue, unless it is not there.
    pub(super) fn take_as_head(
        &self,
        spent: &mut Spent,
        amount: Amount,
        now: Instant,
        clock: impl Fn() -> Instant,
    ) -> Attempt {
        self.take_with_care(spent, amount, 0, Turn::HeadOfQueue, now, clock)
    }

    /// The same, whatever the rule and whoever waits.
    #[inline(never)]
    fn take_with_care(
        &self,
        spent: &mut Spent,
        amount: Amount,
        ahead: u64,
        turn: Turn,
        mut now: Instant,
        clock: impl Fn() -> Instant,
    ) -> Attempt {
        if let Some(burst) = self.too_much(amount) {
            return Attempt::TooMuch { burst };
        }
        let mut asked_again = false;
        loop {
            match self.judge(spent, amount, ahead, turn, now) {
                Judged::Taken => return Attempt::Taken,
                Judged::Due(due) => return Attempt::Short { due: due.max(now), now },
                Judged::Backwards if asked_again => *spent = self.unspent(),
                Judged::Backwards => {
                    now = clock();
                    asked_again = true;
                }
            }
        }
    }

    #[inline]
    fn judge(&self, spent: &mut Spent, amount: Amount, ahead: u64, turn: Turn, now: Instant) -> Judged {
        match self {
            Self::Bucket(meter) => {
                let tick = meter.tick(now);
                if spent.mark == meter::UNUSED {
                    spent.mark = meter.anchored(tick);
                }
                let ahead = if ahead == 0 { 0 } else { meter.parts_of(ahead) };
                match meter.judge(spent.mark, meter.cost(amount), ahead, tick, turn) {
                    meter::Verdict::Admit(mark) => spent.mark = mark,
                    meter::Verdict::Wait(tick) => return Judged::Due(meter.instant(tick)),
                    meter::Verdict::Backwards => return Judged::Backwards,
                }
            }
            Self::Window(window) => match window.judge(*spent, amount.0, ahead, now.as_nanos()) {
                window::Verdict::Admit(after) => *spent = after,
                window::Verdict::Wait(due) => return Judged::Due(Instant::from_nanos(due)),
                window::Verdict::Backwards => return Judged::Backwards,
            },
        }
        Judged::Taken
    }

    /// The tokens that can be had at once.
    pub(super) fn available(&self, spent: Spent, now: Instant) -> f64 {
        match self {
            Self::Bucket(meter) => meter.tokens(meter.left(spent.mark, meter.tick(now))),
            Self::Window(window) => {
                let now = now.as_nanos();
                let room = window.seen_from(spent, now).map_or(window.limit, |spent| window.room(spent, now));
                Amount(room).tokens()
            }
        }
    }

    /// Whether a new key would stand just as well, so that forgetting this one loses nothing.
    pub(super) fn is_unspent(&self, spent: Spent, now: Instant) -> bool {
        match self {
            Self::Bucket(meter) => spent.mark != meter::UNUSED && meter.tick(now) >= spent.mark,
            Self::Window(window) => window
                .seen_from(spent, now.as_nanos())
                .is_none_or(|spent| spent.previous == 0 && spent.current == 0),
        }
    }

    /// Whether it is unspent and was not asked for in the last second, so that what is in use does not leave and return
    /// with every call.
    pub(super) fn is_idle(&self, spent: Spent, now: Instant) -> bool {
        let rested = match self {
            // The mark lies past the last use by what that took: a token, as a rule.
            Self::Bucket(meter) => now >= meter.instant(spent.mark.saturating_sub(meter.per_token)) + REST,
            Self::Window(window) => {
                let start = Instant::from_nanos(spent.mark);
                start > now || now >= start + Duration::from_nanos(window.period) + REST
            }
        };
        rested && self.is_unspent(spent, now)
    }

    /// What is spent under this rule by somebody who has `available` tokens left.
    pub(super) fn spent_with(&self, available: f64, now: Instant) -> Spent {
        let left = Amount::from_tokens(available).map_or(0, |amount| amount.0);
        match self {
            Self::Bucket(meter) => {
                let left = meter.parts_of(left).min(meter.burst);
                Spent { mark: meter.tick(now) + (meter.burst - left), previous: 0, current: 0 }
            }
            Self::Window(window) => {
                let left = left.min(window.limit);
                Spent { mark: now.as_nanos(), previous: 0, current: window.limit - left }
            }
        }
    }

    /// What is spent under this rule by somebody who has spent so much under `old`, which counts in another way: the tokens
    /// that are there stay, as far as they fit. Who has all of them begins anew.
    pub(super) fn taken_over(&self, old: &Self, spent: Spent, now: Instant) -> Spent {
        if spent == old.unspent() || old.is_unspent(spent, now) {
            return self.unspent();
        }
        self.spent_with(old.available(spent, now), now)
    }
}

enum Judged {
    Taken,
    Due(Instant),
    Backwards,
}
