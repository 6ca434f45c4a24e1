//! What the outcome of a call does.

use super::{
    CircuitBreaker, CircuitBreakerConfig, Verdict,
    state::ProbeEnd,
    totals::Total,
    window::Sample,
    word::{Effect, Mode, Phase, UNHEARD_MAX, Word},
};
use crate::clock::{self, Instant};

impl CircuitBreaker {
    /// Takes the outcome of a call admitted when the word was `admitted`.
    #[inline]
    pub(super) fn settle(&self, admitted: Word, started: Instant, verdict: Verdict) {
        if matches!(verdict, Verdict::Success) && admitted.is_unblemished() && self.word.load() == admitted {
            return self.totals.increment(Total::Successes);
        }
        self.settle_with_care(admitted, started, verdict);
    }

    #[inline(never)]
    fn settle_with_care(&self, admitted: Word, started: Instant, verdict: Verdict) {
        let plain = verdict == Verdict::Success && self.source.live().get().slow_call.is_none();
        if plain && admitted.effect() == Effect::Deferred && self.defer(admitted) {
            return self.totals.increment(Total::Successes);
        }
        if admitted.mode() != Mode::Disabled {
            self.settle_in_full(admitted, started, verdict);
        }
    }

    #[inline(never)]
    fn settle_in_full(&self, admitted: Word, started: Instant, verdict: Verdict) {
        let (failed, config) = (verdict == Verdict::Failure, self.source.live().get());
        let now = (failed || config.tells_time()).then(clock::now);
        match verdict {
            Verdict::Success => self.totals.increment(Total::Successes),
            Verdict::Ignored => self.totals.increment(Total::Ignored),
            Verdict::Failure => {
                self.totals.increment(Total::Failures);
                self.last_failure.store(now.unwrap_or(Instant::ZERO));
            }
        }
        let slow = match (config.slow_call, now) {
            (Some(limit), Some(now)) => now.saturating_since(started) >= limit,
            _ => false,
        };
        let sample = Sample { failed, slow };
        match (admitted.phase(), verdict) {
            // A bystander, or a call that says nothing and holds no place.
            (Phase::Open, _) | (Phase::Closed, Verdict::Ignored) => {}
            (Phase::HalfOpen, Verdict::Ignored) => self.end_probe(admitted, ProbeEnd::Void, now),
            (Phase::HalfOpen, _) if failed || slow => self.end_probe(admitted, ProbeEnd::Failed, now),
            (Phase::HalfOpen, _) => self.end_probe(admitted, ProbeEnd::Passed, now),
            (Phase::Closed, _) if config.window.is_some() => self.record(admitted, sample, now),
            (Phase::Closed, Verdict::Success) => self.end_run(admitted),
            (Phase::Closed, Verdict::Failure) => self.lengthen_run(admitted),
        }
    }

    fn end_run(&self, admitted: Word) {
        let mut word = self.word.load();
        while word.same_epoch(admitted) && word.run() > 0 {
            match self.word.replace(word, word.with_run(0)) {
                Ok(()) => return,
                Err(seen) => word = seen,
            }
        }
    }

    fn lengthen_run(&self, admitted: Word) {
        let limit = self.config().run_limit().unwrap_or(u32::MAX);
        let mut word = self.word.load();
        while word.same_epoch(admitted) && word.run() + 1 < limit {
            match self.word.replace(word, word.with_run(word.run() + 1)) {
                Ok(()) => return,
                Err(seen) => word = seen,
            }
        }
        if word.same_epoch(admitted) {
            self.trip(admitted);
        }
    }

    /// Opens after the last failure of a run, unless a success has ended the run meanwhile.
    #[cold]
    fn trip(&self, admitted: Word) {
        let mut locked = self.locked();
        let config = self.follow(&mut locked);
        let limit = config.run_limit().unwrap_or(u32::MAX);
        let mut word = self.word.load();
        while word.same_epoch(admitted) {
            let opens = word.run() + 1 >= limit;
            let next = if opens {
                locked.machine.open(clock::now());
                self.until.store(locked.machine.until());
                word.entering(Phase::Open, word.mode())
            } else {
                locked.machine.close(config);
                word.with_run(word.run() + 1)
            };
            match self.word.replace(word, next) {
                Ok(()) if opens => {
                    locked.journal.write(word.machine_state(), next.machine_state());
                    drop(locked);
                    return self.tell();
                }
                Ok(()) => return,
                Err(seen) => word = seen,
            }
        }
    }

    /// Adds an outcome to the window, unless it is one that the window need not hear of now.
    fn record(&self, admitted: Word, sample: Sample, now: Option<Instant>) {
        let plain = !sample.failed && !sample.slow;
        if !(plain && self.defer(admitted)) {
            self.record_now(admitted, sample, now);
        }
    }

    /// Counts a success in the word alone, where that will do. The successes so counted come after everything that is
    /// in the window and before whatever will be written to it next.
    fn defer(&self, admitted: Word) -> bool {
        let mut word = self.word.load();
        while word.same_epoch(admitted) && word.effect() != Effect::None {
            if word.effect() == Effect::Immediate || word.unheard() == UNHEARD_MAX {
                return false;
            }
            match self.word.replace(word, word.with_run(0).with_unheard(word.unheard() + 1)) {
                Ok(()) => return true,
                Err(seen) => word = seen,
            }
        }
        true
    }

    /// Adds an outcome to the window. There every change of the word but [`defer`](Self::defer)'s is made under the
    /// lock.
    fn record_now(&self, admitted: Word, sample: Sample, now: Option<Instant>) {
        let mut locked = self.locked();
        let config = self.follow(&mut locked);
        if !self.word.load().same_epoch(admitted) {
            return;
        }
        let run_after = |word: Word| if sample.failed { word.run().saturating_add(1) } else { 0 };
        let old = self.word.update(|word| word.with_run(run_after(word)).attentive().with_unheard(0));
        locked.machine.record_successes(old.unheard());
        if locked.machine.record(config, sample, run_after(old), time(now, config)) {
            locked.machine.open(now.unwrap_or_else(clock::now));
            self.publish(&mut locked, config, old.mode());
            drop(locked);
            return self.tell();
        }
        match locked.machine.effect_of_success(config) {
            // What has been deferred meanwhile replaces its like.
            Effect::None => self.word.update(|word| word.with_effect(Effect::None).with_unheard(0)),
            effect => self.word.update(|word| word.with_effect(effect)),
        };
    }

    fn end_probe(&self, admitted: Word, end: ProbeEnd, now: Option<Instant>) {
        let mut locked = self.locked();
        let config = self.follow(&mut locked);
        let word = self.word.load();
        if !word.same_epoch(admitted) {
            return;
        }
        locked.machine.end_probe(config, end, time(now, config));
        if locked.machine.phase() != word.phase() {
            self.publish(&mut locked, config, word.mode());
            drop(locked);
            self.tell();
        }
    }
}

/// The time at which an outcome is recorded; any where nobody looks at it.
fn time(now: Option<Instant>, config: &CircuitBreakerConfig) -> Instant {
    match now {
        Some(now) => now,
        // The options are others than they were when the clock was to be looked at.
        None if config.tells_time() => clock::now(),
        None => Instant::ZERO,
    }
}
