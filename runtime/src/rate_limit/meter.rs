use super::{amount::Amount, rate::Rate};
use crate::clock::Instant;

/// The arithmetic of one token bucket: the generic cell rate algorithm on a clock that counts tokens.
///
/// A token is cut into as many parts as it takes nanoseconds to come (rounded down), and the meter's clock counts the
/// parts that have come since time began. Where the period is a multiple of the amount, that clock simply is the
/// clock in nanoseconds; where it is not, it runs slower by an exact fraction, so that nothing ever drifts. The
/// bucket's state is a point on this clock, the mark: up to it, the parts are spent. A mark in the past is a full bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meter {
    /// Parts of a token.
    pub(super) per_token: u64,
    /// Parts in a full bucket.
    pub(super) burst: u64,
    /// Parts in a new bucket.
    pub(super) initial: u64,
    /// Parts that come per period.
    pub(super) gain: u64,
    /// The period in nanoseconds.
    pub(super) period: u64,
    /// ⌊2⁶⁴ · gain / period⌋, where gain < period.
    pub(super) reciprocal: u64,
}

/// The mark of a bucket that was not used yet and does not start full.
pub(super) const UNUSED: u64 = (1 << 60) - 1;
/// The mark of a bucket that does not count, as something else does. It is too far ahead for anything to be taken by it.
pub(super) const CLOSED: u64 = UNUSED - 1;

/// The most parts in a full bucket.
const MOST: u64 = 1 << 58;
/// The last tick of a meter's clock, so that no mark is as far ahead as [`CLOSED`].
const LAST_TICK: u64 = CLOSED - 1 - MOST;

/// How much later than the tokens a timer may be without losing any: two of its milliseconds.
const LATENESS: Instant = Instant::from_nanos(2_000_000);

/// Whose request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Newcomer,
    /// It has waited for exactly these tokens.
    HeadOfQueue,
}

/// What a request finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The tokens are there; this is the new mark.
    Admit(u64),
    /// They will be there when the clock gets to this tick.
    Wait(u64),
    /// The mark lies further ahead than any request can put it: time went backwards.
    Backwards,
}

impl Meter {
    pub(super) const fn new(rate: Rate, burst: u32, initial: u32) -> Self {
        let period = rate.nanos();
        let per_token = Self::parts(rate);
        let amount = if rate.amount() == 0 { 1 } else { rate.amount() as u64 };
        let gain = if amount > period { period } else { per_token * amount };
        let reciprocal = if gain < period { (((gain as u128) << 64) / period as u128) as u64 } else { 0 };
        let burst = per_token.saturating_mul(burst as u64);
        let initial = per_token.saturating_mul(initial as u64);
        Self {
            per_token,
            burst: if burst > MOST { MOST } else { burst },
            initial: if initial > burst { burst } else { initial },
            gain,
            period,
            reciprocal,
        }
    }

    const fn parts(rate: Rate) -> u64 {
        let amount = if rate.amount() == 0 { 1 } else { rate.amount() as u64 };
        let parts = rate.nanos() / amount;
        if parts == 0 { 1 } else { parts }
    }

    /// The parts of a full bucket, which take at least as many nanoseconds to come.
    pub(super) const fn fill_time(rate: Rate, burst: u32) -> u128 {
        Self::parts(rate) as u128 * burst as u128
    }

    /// The mark of a new bucket.
    pub(super) const fn new_mark(&self) -> u64 {
        if self.initial < self.burst { UNUSED } else { 0 }
    }

    /// The mark that a new bucket has once it is used.
    #[inline]
    pub(super) fn anchored(&self, tick: u64) -> u64 {
        tick + (self.burst - self.initial.min(self.burst))
    }

    /// ⌊now · gain / period⌋, at most what leaves the sums below room.
    #[inline]
    pub(super) fn tick(&self, now: Instant) -> u64 {
        self.unbounded_tick(now).min(LAST_TICK)
    }

    /// The same without that bound.
    #[inline]
    fn unbounded_tick(&self, now: Instant) -> u64 {
        match self.reciprocal {
            0 => now.as_nanos(),
            reciprocal => scaled(now, self.gain, self.period, reciprocal),
        }
    }

    /// The first instant at which the clock shows `tick`.
    #[inline]
    pub(super) fn instant(&self, tick: u64) -> Instant {
        instant(tick, self.gain, self.period)
    }

    /// The parts that `amount` takes. Fractions are cut; where parts are coarser than a millionth of a
    /// token, they are rounded up instead.
    #[inline]
    pub(super) fn cost(&self, amount: Amount) -> u64 {
        cost(amount, self.per_token)
    }

    #[inline]
    pub(super) fn parts_of(&self, amount: u64) -> u64 {
        parts_of(amount, self.per_token)
    }

    /// What a request for `cost` parts, with `ahead` parts wanted before it, finds in a bucket with this mark.
    #[inline]
    pub(super) fn judge(&self, mark: u64, cost: u64, ahead: u64, tick: u64, turn: Turn) -> Verdict {
        let full = tick + self.burst;
        if mark > full {
            return Verdict::Backwards;
        }
        let after = mark.max(tick).saturating_add(ahead).saturating_add(cost);
        if ahead != 0 || after > full {
            return Verdict::Wait(after.saturating_sub(self.burst));
        }
        match turn {
            Turn::Newcomer => Verdict::Admit(after),
            // What came while its timer was late would overflow a full bucket; it belongs to those who wait.
            Turn::HeadOfQueue => Verdict::Admit(mark.max(tick.saturating_sub(self.tick(LATENESS))) + cost),
        }
    }

    /// What [`Meter::judge`] says with nothing wanted before it; see [`judge_plainly`].
    #[inline]
    pub(super) fn judge_plainly(&self, mark: u64, amount: Amount, now: Instant) -> Option<Verdict> {
        judge_plainly(mark, self.cost(amount), self.burst, self.unbounded_tick(now))
    }

    /// The parts that are there.
    pub(super) fn left(&self, mark: u64, tick: u64) -> u64 {
        if mark == UNUSED {
            return self.initial.min(self.burst);
        }
        match (tick + self.burst).checked_sub(mark.max(tick)) {
            Some(left) => left,
            // Time went backwards: the next request starts the bucket anew.
            None => self.initial.min(self.burst),
        }
    }

    /// The mark under this meter for a bucket that has `mark` under `old`: the tokens that are there are kept, as far as
    /// they fit.
    pub(super) fn converted(&self, old: &Self, mark: u64, now: Instant) -> u64 {
        if mark == UNUSED {
            return self.new_mark();
        }
        let left = u128::from(old.left(mark, old.tick(now))) * u128::from(self.per_token)
            / u128::from(old.per_token.max(1));
        let left = u64::try_from(left).unwrap_or(u64::MAX).min(self.burst);
        self.tick(now) + (self.burst - left)
    }

    pub(super) fn tokens(&self, parts: u64) -> f64 {
        parts as f64 / self.per_token as f64
    }
}

/// What [`Meter::judge`] says with nothing wanted before it, in fewer steps. `None` in all cases that are rare: an
/// unused bucket, which has a mark too far ahead, more than the burst, and a time that went back or to its end.
#[inline(always)]
pub(super) fn judge_plainly(mark: u64, cost: u64, burst: u64, tick: u64) -> Option<Verdict> {
    // Then no sum below is above 2⁶⁰ + 2⁵⁸.
    if cost > burst || tick > LAST_TICK {
        return None;
    }
    let (full, after) = (tick + burst, mark.max(tick) + cost);
    if after <= full {
        Some(Verdict::Admit(after))
    } else if mark <= full {
        Some(Verdict::Wait(after - burst))
    } else {
        None
    }
}

/// ⌊now · gain / period⌋ without a division; `reciprocal` is ⌊2⁶⁴ · gain / period⌋.
#[inline]
pub(super) fn scaled(now: Instant, gain: u64, period: u64, reciprocal: u64) -> u64 {
    let now = now.as_nanos();
    let low = ((u128::from(now) * u128::from(reciprocal)) >> 64) as u64;
    // `low` is the tick or one less; the remainder is below two periods, so wrapping arithmetic holds it.
    let rest = now.wrapping_mul(gain).wrapping_sub(low.wrapping_mul(period));
    low.wrapping_add(u64::from(rest >= period))
}

/// See [`Meter::cost`].
#[inline(always)]
pub(super) fn cost(amount: Amount, per_token: u64) -> u64 {
    if amount == Amount::ONE { per_token } else { parts_of(amount.0, per_token) }
}

/// See [`Meter::instant`].
#[inline(always)]
pub(super) fn instant(tick: u64, gain: u64, period: u64) -> Instant {
    if gain == period { Instant::from_nanos(tick) } else { divided(tick, period, gain) }
}

// By value and apart, so that a meter that needs neither stays in registers.

#[inline(never)]
fn divided(tick: u64, period: u64, gain: u64) -> Instant {
    let nanos = (u128::from(tick) * u128::from(period)).div_ceil(u128::from(gain.max(1)));
    Instant::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// See [`Meter::cost`].
#[inline(never)]
fn parts_of(amount: u64, per_token: u64) -> u64 {
    if per_token >= Amount::PARTS
        && let Some(parts) = amount.checked_mul(per_token)
    {
        return parts / Amount::PARTS;
    }
    let parts = u128::from(amount) * u128::from(per_token);
    let one = u128::from(Amount::PARTS);
    let parts = if per_token >= Amount::PARTS { parts / one } else { parts.div_ceil(one) };
    u64::try_from(parts).unwrap_or(u64::MAX)
}
