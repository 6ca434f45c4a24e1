//! What the outcome of a call does.

use super::{
    CircuitBreaker, Verdict,
    state::ProbeEnd,
    window::Sample,
    word::{Mode, Phase, Word},
};
use crate::clock::{self, Instant};

impl CircuitBreaker {
    /// Takes the outcome of a call admitted when the word was `admitted`.
    #[inline]
    pub(super) fn settle(&self, admitted: Word, started: Instant, verdict: Verdict) {
        if matches!(verdict, Verdict::Success)
            && admitted.is_unblemished()
            && self.config.window.is_none()
            && self.word.load() == admitted
        {
            return self.totals.successes.increment();
        }
        self.settle_with_care(admitted, started, verdict);
    }

    fn settle_with_care(&self, admitted: Word, started: Instant, verdict: Verdict) {
        if admitted.mode() == Mode::Disabled {
            return;
        }
        let failed = verdict == Verdict::Failure;
        let now = (failed || self.config.tells_time()).then(clock::now);
        match verdict {
            Verdict::Success => self.totals.successes.increment(),
            Verdict::Ignored => self.totals.ignored.increment(),
            Verdict::Failure => {
                self.totals.failures.increment();
                self.last_failure.store(now.unwrap_or(Instant::ZERO));
            }
        }
        let slow = match (self.config.slow_call, now) {
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
            (Phase::Closed, _) if self.config.window.is_some() => self.record(admitted, sample, now),
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
        let limit = self.config.run_limit().unwrap_or(u32::MAX);
        let mut word = self.word.load();
        while word.same_epoch(admitted) && word.run() + 1 < limit {
            match self.word.replace(word, word.with_run(word.run() + 1)) {
                Ok(()) => return,
                Err(seen) => word = seen,
            }
        }
        if word.same_epoch(admitted) {
            self.trip(admitted, limit);
        }
    }

    /// Opens after the last failure of a run, unless a success has ended the run meanwhile.
    #[cold]
    fn trip(&self, admitted: Word, limit: u32) {
        let mut locked = self.locked();
        let mut word = self.word.load();
        while word.same_epoch(admitted) {
            let opens = word.run() + 1 >= limit;
            let next = if opens {
                locked.machine.open(clock::now());
                self.until.store(locked.machine.until());
                word.entering(Phase::Open, word.mode())
            } else {
                locked.machine.close(&self.config);
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

    /// Adds an outcome to the window. There every change of the word is made under the lock.
    fn record(&self, admitted: Word, sample: Sample, now: Option<Instant>) {
        let mut locked = self.locked();
        let mut word = self.word.load();
        if !word.same_epoch(admitted) {
            return;
        }
        let run = if sample.failed { word.run().saturating_add(1) } else { 0 };
        while run != word.run() && self.word.replace(word, word.with_run(run)).is_err() {
            word = self.word.load();
        }
        if locked.machine.record(&self.config, sample, run, now.unwrap_or(Instant::ZERO)) {
            locked.machine.open(now.unwrap_or_else(clock::now));
            self.publish(&mut locked, word.mode());
            drop(locked);
            self.tell();
        }
    }

    fn end_probe(&self, admitted: Word, end: ProbeEnd, now: Option<Instant>) {
        let mut locked = self.locked();
        let word = self.word.load();
        if !word.same_epoch(admitted) {
            return;
        }
        locked.machine.end_probe(&self.config, end, now.unwrap_or(Instant::ZERO));
        if locked.machine.phase() != word.phase() {
            self.publish(&mut locked, word.mode());
            drop(locked);
            self.tell();
        }
    }
}
