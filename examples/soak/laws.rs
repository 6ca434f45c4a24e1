//! What must hold whenever nothing is under way.

use std::{fmt::Debug, time::Instant};

use mainstay::{bulkhead::Bulkhead, circuit_breaker::CircuitBreaker, policies, rate_limit::RateLimiter};

use crate::{
    ledger::{Line, get},
    services::{
        ANSWERED, BREAKER, BULKHEAD, BULKHEAD_SYNC, BURST, FALLBACK, KEYED_BREAKER, KEYED_LIMITER, LIMITER,
        LINES, MOST_KEYS, MOST_PLACES, RATE, RETRY, STACK, SYNC, SYNC_PLACES, TIMEOUT,
    },
};

type Kept = Result<(), String>;

#[derive(Debug)]
pub struct Laws {
    began: Instant,
    pub checked: u64,
}

impl Laws {
    /// To be made before the first call.
    pub fn new() -> Self {
        Self { began: Instant::now(), checked: 0 }
    }

    /// Checks all of them; nothing may be under way.
    ///
    /// # Errors
    /// The first that is broken, with its numbers.
    pub fn check(&mut self) -> Kept {
        LINES.into_iter().try_for_each(|line| self.every_call_and_body_has_ended(line))?;
        self.the_stack()?;
        self.the_sync_stack()?;
        self.the_breaker()?;
        self.the_limiter()?;
        self.the_bulkhead()?;
        self.the_others()?;
        self.the_keys()
    }

    fn equal<T: PartialEq + Debug>(&mut self, law: &str, left: T, right: T) -> Kept {
        self.checked += 1;
        if left == right { Ok(()) } else { Err(format!("{law}: {left:?} is not {right:?}")) }
    }

    fn at_most<T: PartialOrd + Debug>(&mut self, law: &str, left: T, right: T) -> Kept {
        self.checked += 1;
        if left <= right { Ok(()) } else { Err(format!("{law}: {left:?} is more than {right:?}")) }
    }

    fn every_call_and_body_has_ended(&mut self, line: &Line) -> Kept {
        let Line { name, calls, bodies } = line;
        self.equal(&format!("{name}: calls begun = ended"), get(&calls.started), calls.ended())?;
        self.equal(&format!("{name}: bodies begun = ended"), get(&bodies.started), bodies.ended())?;
        self.equal(&format!("{name}: bodies inside = 0"), get(&bodies.inside), 0)
    }

    fn is_empty(&mut self, bulkhead: &Bulkhead) -> Kept {
        let law = format!("bulkhead {}: in flight, waiting = 0", bulkhead.name());
        self.equal(&law, (bulkhead.in_flight(), bulkhead.waiting()), (0, 0))
    }

    fn heard(&mut self, line: &Line, breaker: &CircuitBreaker, timed_out: u64) -> Kept {
        let (name, bodies) = (line.name, &line.bodies);
        // A permanent error is an answer too.
        let answered = get(&bodies.ok) + get(&bodies.declined);
        let failed = get(&bodies.reset) + get(&bodies.panicked) + timed_out;
        self.equal(&format!("{name}: successes heard = bodies"), breaker.success_count(), answered)?;
        self.equal(&format!("{name}: failures heard = bodies"), breaker.failure_count(), failed)
    }

    /// Admitted by a limiter that nobody has changed, against the clock.
    fn within_rate(&mut self, name: &str, limiter: &RateLimiter, rate: u64, burst: u64) -> Kept {
        let admitted = limiter.admitted_count();
        // Read afterwards, with a hundredth for the difference between two clocks.
        let most = burst as f64 + rate as f64 * self.began.elapsed().as_secs_f64() * 1.01;
        self.at_most(&format!("limiter {}: admitted = burst + rate x time", name), admitted as f64, most)?;
        self.equal(&format!("limiter {}: waiting = 0", name), limiter.waiting(), 0)
    }

    fn the_stack(&mut self) -> Kept {
        let (Some(breaker), Some(limiter), Some(bulkhead), Some(timeout)) = (
            policies().circuit_breaker("soak.stack"),
            policies().rate_limiter("soak.stack"),
            policies().bulkhead("soak.stack"),
            policies().timeout("soak.stack"),
        ) else {
            return Ok(());
        };
        let bodies = &STACK.bodies;
        self.is_empty(bulkhead)?;
        self.equal("stack: limiter waiting = 0", limiter.waiting(), 0)?;
        self.heard(&STACK, breaker, timeout.timed_out())?;
        self.equal("stack: admitted to a place = bodies", bulkhead.admitted_count(), get(&bodies.started))?;
        self.at_most("stack: bodies at once = places", get(&bodies.most_inside), u64::from(MOST_PLACES))?;
        self.at_most("stack: bodies timed out = dropped", timeout.timed_out(), get(&bodies.dropped))?;
        let at_the_door = bulkhead.admitted_count() + bulkhead.rejected_count();
        self.at_most("stack: came to the bulkhead = had tokens", at_the_door, limiter.admitted_count())
    }

    fn the_sync_stack(&mut self) -> Kept {
        let (Some(breaker), Some(limiter), Some(bulkhead)) = (
            policies().circuit_breaker("soak.sync"),
            policies().rate_limiter("soak.sync"),
            policies().bulkhead("soak.sync"),
        ) else {
            return Ok(());
        };
        let bodies = &SYNC.bodies;
        self.is_empty(bulkhead)?;
        self.within_rate("soak.sync", limiter, 2_000, 20)?;
        self.heard(&SYNC, breaker, 0)?;
        self.equal(
            "sync stack: admitted to a place = bodies",
            bulkhead.admitted_count(),
            get(&bodies.started),
        )?;
        self.at_most(
            "sync stack: bodies at once = places",
            get(&bodies.most_inside),
            u64::from(SYNC_PLACES),
        )?;
        let at_the_door = bulkhead.admitted_count() + bulkhead.rejected_count();
        self.equal("sync stack: came to the bulkhead = had tokens", at_the_door, limiter.admitted_count())?;
        let settled = breaker.success_count() + breaker.failure_count() + breaker.ignored_count();
        let came = limiter.admitted_count() + limiter.rejected_count();
        self.equal("sync stack: settled with the breaker = came to the limiter", settled, came)
    }

    fn the_breaker(&mut self) -> Kept {
        let Some(breaker) = policies().circuit_breaker("soak.breaker") else { return Ok(()) };
        let Line { calls, bodies, .. } = &BREAKER;
        self.heard(&BREAKER, breaker, 0)?;
        self.equal("breaker: ignored = dropped", breaker.ignored_count(), get(&bodies.dropped))?;
        self.equal("breaker: refused = refused to callers", breaker.rejected_count(), get(&calls.refused))
    }

    fn the_limiter(&mut self) -> Kept {
        let Some(limiter) = policies().rate_limiter("soak.limiter") else { return Ok(()) };
        self.within_rate("soak.limiter", limiter, RATE, BURST)?;
        self.equal("limiter: admitted = bodies", limiter.admitted_count(), get(&LIMITER.bodies.started))?;
        self.equal(
            "limiter: refused = refused to callers",
            limiter.rejected_count(),
            get(&LIMITER.calls.refused),
        )
    }

    fn the_bulkhead(&mut self) -> Kept {
        let Some(bulkhead) = policies().bulkhead("soak.bulkhead") else { return Ok(()) };
        self.is_empty(bulkhead)?;
        let both = [&BULKHEAD, &BULKHEAD_SYNC];
        let sum = |count: fn(&Line) -> u64| both.iter().map(|line| count(line)).sum::<u64>();
        self.equal(
            "bulkhead: admitted = bodies",
            bulkhead.admitted_count(),
            sum(|line| get(&line.bodies.started)),
        )?;
        self.equal(
            "bulkhead: refused = refused to callers",
            bulkhead.rejected_count(),
            sum(|line| get(&line.calls.refused)),
        )?;
        for line in both {
            self.at_most(
                "bulkhead: bodies at once = places",
                get(&line.bodies.most_inside),
                u64::from(MOST_PLACES),
            )?;
        }
        Ok(())
    }

    fn the_others(&mut self) -> Kept {
        if let Some(timeout) = policies().timeout("soak.timeout") {
            self.equal(
                "timeout: timed out = told to callers",
                timeout.timed_out(),
                get(&TIMEOUT.calls.timed_out),
            )?;
        }
        if let Some(retry) = policies().retry("soak.retry") {
            let (calls, attempts) = (get(&RETRY.calls.started), get(&RETRY.bodies.started));
            self.at_most("retry: attempts = calls + retries", attempts, calls + retry.retries())?;
            // Who is cancelled in a pause makes no more attempt.
            let least = calls + retry.retries() - get(&RETRY.calls.cancelled);
            self.at_most("retry: calls + retries - cancelled = attempts", least, attempts)?;
        }
        let Line { calls, bodies, .. } = &FALLBACK;
        self.equal("fallback: errors to callers = 0", get(&calls.error), 0)?;
        self.equal("fallback: answers = bodies + fallbacks", get(&calls.ok), get(&bodies.ok) + get(&ANSWERED))
    }

    fn the_keys(&mut self) -> Kept {
        if let Some(breakers) = policies().keyed_circuit_breaker("soak.keys") {
            self.at_most("keyed breaker: keys", breakers.len(), MOST_KEYS)?;
            let Line { calls, bodies, .. } = &KEYED_BREAKER;
            let accounted = get(&bodies.started) + get(&calls.refused);
            self.equal("keyed breaker: bodies + refused = calls", accounted, get(&calls.started))?;
        }
        let Some(limiters) = policies().keyed_rate_limiter("soak.keys") else { return Ok(()) };
        let Line { calls, bodies, .. } = &KEYED_LIMITER;
        self.at_most("keyed limiter: keys", limiters.len(), MOST_KEYS)?;
        self.equal("keyed limiter: admitted = bodies", limiters.admitted_count(), get(&bodies.started))?;
        self.equal(
            "keyed limiter: refused = refused to callers",
            limiters.rejected_count(),
            get(&calls.refused),
        )
    }
}
