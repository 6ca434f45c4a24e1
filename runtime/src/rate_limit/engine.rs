use std::sync::PoisonError;

use super::{
    RateLimitConfig,
    amount::Amount,
    bucket::Bucket,
    meter::Meter,
    rule::{Attempt, Rule, Spent},
};
use crate::{
    clock::Instant,
    sync::{AtomicU32, Mutex, MutexGuard, Ordering},
};

/// What counts the tokens of one limit: a bucket or a window. One may take the other's place while requests come.
///
/// The one that does not count is closed, and says so to whoever asks it: then the other one counts. So nothing is taken from
/// both, whoever looked at what counts and was late.
#[derive(Debug)]
pub(super) struct Engine {
    bucket: Bucket,
    /// `None` while it is closed. Its lock is held while one takes the other's place.
    window: Mutex<Option<(Rule, Spent)>>,
    /// Whether the window counts, 1 or 0: which of them is asked first.
    windowed: AtomicU32,
}

impl Engine {
    pub(super) const fn new(config: &RateLimitConfig) -> Self {
        let rule = Rule::new(config);
        match rule {
            Rule::Bucket(meter) => {
                Self { bucket: Bucket::new(meter), window: Mutex::new(None), windowed: AtomicU32::new(0) }
            }
            Rule::Window(_) => Self {
                bucket: Bucket::closed(Meter::new(config.rate(), 1, 1)),
                window: Mutex::new(Some((rule, rule.unspent()))),
                windowed: AtomicU32::new(1),
            },
        }
    }

    /// The bucket, if that is what counts, or was a moment ago.
    #[inline(always)]
    pub(super) fn bucket(&self) -> Option<&Bucket> {
        (!self.is_windowed()).then_some(&self.bucket)
    }

    #[inline(always)]
    fn is_windowed(&self) -> bool {
        // Who goes by what was so a moment ago finds it closed.
        self.windowed.load(Ordering::Relaxed) != 0
    }

    /// Takes `amount`, unless it is not there or `ahead` is wanted by others first.
    #[inline]
    pub(super) fn take(&self, amount: Amount, ahead: u64, clock: impl Fn() -> Instant) -> Attempt {
        let taken = self.bucket().and_then(|bucket| bucket.take(amount, ahead, &clock));
        taken.unwrap_or_else(|| self.take_of_either(amount, ahead, &clock))
    }

    /// Apart, so that it does not weigh on the bucket.
    #[inline(never)]
    fn take_of_either(&self, amount: Amount, ahead: u64, clock: &impl Fn() -> Instant) -> Attempt {
        self.ask(
            |bucket| bucket.take(amount, ahead, clock),
            |rule, spent| rule.take(spent, amount, ahead, clock(), clock),
        )
    }

    /// Takes `amount` for the first in the queue, unless it is not there.
    pub(super) fn take_as_head(&self, amount: Amount, clock: impl Fn() -> Instant) -> Attempt {
        self.ask(
            |bucket| bucket.take_as_head(amount, &clock),
            |rule, spent| rule.take(spent, amount, 0, clock(), &clock),
        )
    }

    /// The tokens that are there, whoever waits for them.
    pub(super) fn available(&self, now: Instant) -> f64 {
        self.ask(|bucket| bucket.available(now), |rule, spent| rule.available(*spent, now))
    }

    /// Whether a new one would stand just as well.
    pub(super) fn is_unspent(&self, now: Instant) -> bool {
        self.ask(|bucket| bucket.is_unspent(now), |rule, spent| rule.is_unspent(*spent, now))
    }

    /// Asks what counts, and the other one if that has changed meanwhile.
    fn ask<T>(
        &self,
        of_bucket: impl Fn(&Bucket) -> Option<T>,
        of_window: impl Fn(&Rule, &mut Spent) -> T,
    ) -> T {
        let mut windowed = self.is_windowed();
        loop {
            let answer = if windowed {
                self.window().as_mut().map(|(rule, spent)| of_window(rule, spent))
            } else {
                of_bucket(&self.bucket)
            };
            if let Some(answer) = answer {
                return answer;
            }
            windowed = !windowed;
        }
    }

    fn window(&self) -> MutexGuard<'_, Option<(Rule, Spent)>> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts the tokens back to how they were at the start.
    pub(super) fn reset(&self) {
        let mut window = self.window();
        match &mut *window {
            Some((rule, spent)) => *spent = rule.unspent(),
            None => self.bucket.reset(),
        }
    }

    /// Goes by other numbers from now on, and counts in another way where they say so. The tokens that are there stay, as
    /// far as they fit. Callers take turns.
    pub(super) fn change(&self, config: &RateLimitConfig, now: Instant) {
        let new = Rule::new(config);
        let mut window = self.window();
        match (new, &mut *window) {
            (Rule::Bucket(meter), None) => self.bucket.change(meter, now),
            (Rule::Bucket(meter), Some((old, spent))) => {
                self.bucket.open(meter, new.taken_over(old, *spent, now).mark);
                *window = None;
                self.windowed.store(0, Ordering::Relaxed);
            }
            (Rule::Window(_), Some((old, spent))) => {
                *spent = new.spent_with(old.available(*spent, now), now);
                *old = new;
            }
            (Rule::Window(_), None) => {
                let (old, spent) = self.bucket.close();
                *window = Some((new, new.taken_over(&old, spent, now)));
                self.windowed.store(1, Ordering::Relaxed);
            }
        }
    }
}
