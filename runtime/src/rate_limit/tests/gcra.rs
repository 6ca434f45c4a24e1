//! A token bucket in exact arithmetic with the plainest of sums.

use crate::{clock::Instant, rate_limit::Rate};

/// The generic cell rate algorithm: what is spent is a moment on a clock that counts parts of tokens.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gcra {
    /// Parts of a token, and of how many that come per period.
    parts: u128,
    gain: u128,
    period: u128,
    burst: u32,
    initial: u32,
    spent_until: Option<u128>,
}

impl Gcra {
    pub(super) fn new(rate: Rate, burst: u32, initial: u32) -> Self {
        let period = rate.per().as_nanos();
        let parts = period / u128::from(rate.amount());
        Self { parts, gain: parts * u128::from(rate.amount()), period, burst, initial, spent_until: None }
    }

    pub(super) fn burst_tokens(&self) -> u32 {
        self.burst
    }

    pub(super) fn nanos_per_token(&self) -> u64 {
        self.parts as u64
    }

    fn full(&self) -> u128 {
        self.parts * u128::from(self.burst)
    }

    /// The parts that have come since time began.
    fn come(&self, now: Instant) -> u128 {
        u128::from(now.as_nanos()) * self.gain / self.period
    }

    /// The first moment at which so many have come.
    fn when(&self, come: u128) -> u64 {
        (come * self.period).div_ceil(self.gain) as u64
    }

    /// What so many millionths of a token take.
    fn cost(&self, amount: u64) -> u128 {
        let parts = u128::from(amount) * self.parts;
        if self.parts >= 1_000_000 { parts / 1_000_000 } else { parts.div_ceil(1_000_000) }
    }

    /// Up to where it is spent. A bucket that was never used, or that time went back for, starts now.
    fn spent(&self, now: Instant) -> u128 {
        let come = self.come(now);
        let anew = come + self.full() - self.parts * u128::from(self.initial.min(self.burst));
        let anew = if self.initial >= self.burst { 0 } else { anew };
        self.spent_until.filter(|spent| *spent <= come + self.full()).unwrap_or(anew)
    }

    /// Takes so many millionths, or says how many nanoseconds that takes; `None` for more than there can be.
    pub(super) fn take(&mut self, amount: u64, now: Instant) -> Result<(), Option<u64>> {
        let cost = self.cost(amount);
        if cost > self.full() {
            return Err(None);
        }
        let (spent, come) = (self.spent(now), self.come(now));
        self.spent_until = Some(spent);
        let after = spent.max(come) + cost;
        if after <= come + self.full() {
            self.spent_until = Some(after);
            Ok(())
        } else {
            Err(Some(self.when(after - self.full()) - now.as_nanos()))
        }
    }

    /// Takes so many millionths for somebody who waited, if they are there: of what overflowed in the last two
    /// milliseconds nothing is lost.
    pub(super) fn take_as_head(&mut self, amount: u64, now: Instant) -> bool {
        let (spent, come) = (self.spent(now), self.come(now));
        let fits = spent.max(come) + self.cost(amount) <= come + self.full();
        if fits {
            let credited = come - self.come(Instant::from_nanos(2_000_000));
            self.spent_until = Some(spent.max(credited) + self.cost(amount));
        }
        fits
    }

    /// When so many millionths are there, with so many others wanted before.
    pub(super) fn due(&self, amount: u64, ahead: u64, now: Instant) -> u64 {
        let after = self.spent(now).max(self.come(now)) + self.cost(ahead) + self.cost(amount);
        self.when(after.saturating_sub(self.full()))
    }

    /// Whether that many can ever be there.
    pub(super) fn holds(&self, amount: u64) -> bool {
        self.cost(amount) <= self.full()
    }

    pub(super) fn available(&self, now: Instant) -> f64 {
        let come = self.come(now);
        (come + self.full() - self.spent(now).max(come)) as f64 / self.parts as f64
    }

    pub(super) fn reset(&mut self) {
        self.spent_until = None;
    }

    /// Another rate and burst; the tokens that are there are kept, as far as they fit.
    pub(super) fn change(&mut self, rate: Rate, burst: u32, now: Instant) {
        let come = self.come(now);
        // A bucket that starts full fills up from the start, used or not.
        let runs = self.spent_until.is_some() || self.initial >= self.burst;
        let left = runs.then(|| come + self.full() - self.spent(now).max(come));
        let new = Self::new(rate, burst, self.initial.min(burst));
        let spent_until = left.map(|left| {
            let left = (left * new.parts / self.parts).min(new.full());
            new.come(now) + new.full() - left
        });
        *self = Self { spent_until, ..new };
    }
}
