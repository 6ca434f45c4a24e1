//! A breaker as the reference page describes it, written to be read: it keeps every outcome in a list, and nothing of it
//! is shared, packed or put off.

use std::time::Duration;

use crate::{
    circuit_breaker::{CircuitBreakerConfig, State, Verdict, Window},
    clock::Instant,
};

pub(super) struct Model {
    config: CircuitBreakerConfig,
    /// Closed, open or half-open.
    pub(super) machine: State,
    /// What has been ordered: disabled, forced open or observe-only; closed stands for normal operation.
    pub(super) order: State,
    /// Switched off from outside, which stands above all orders.
    pub(super) off: bool,
    /// How many changes of state there were.
    epoch: u64,
    window: Vec<Outcome>,
    /// When the first outcome of the window came, and the latest of its steps.
    origin: Instant,
    latest: u64,
    pub(super) run: u32,
    period: Duration,
    until: Instant,
    probes_in_flight: u32,
    probes_passed: u32,
    pub(super) successes: u64,
    pub(super) failures: u64,
    pub(super) ignored: u64,
    pub(super) rejected: u64,
    pub(super) last_failure: Option<Instant>,
    /// The changes of state that listeners hear of.
    pub(super) changes: Vec<(State, State)>,
}

#[derive(Clone, Copy)]
struct Outcome {
    failed: bool,
    slow: bool,
    step: u64,
}

/// A call that was let through.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    role: Role,
    epoch: u64,
    started: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Role {
    /// Its outcome counts in the window.
    Usual,
    Probe,
    /// Let through only because the breaker observes.
    Bystander,
    /// Let through by a breaker that is disabled.
    Unrecorded,
}

impl Model {
    pub(super) fn new(config: CircuitBreakerConfig) -> Self {
        Self {
            config,
            machine: State::Closed,
            order: State::Closed,
            off: false,
            epoch: 0,
            window: Vec::new(),
            origin: Instant::ZERO,
            latest: 0,
            run: 0,
            period: config.timeout,
            until: Instant::ZERO,
            probes_in_flight: 0,
            probes_passed: 0,
            successes: 0,
            failures: 0,
            ignored: 0,
            rejected: 0,
            last_failure: None,
            changes: Vec::new(),
        }
    }

    pub(super) fn state(&self) -> State {
        match self.in_force() {
            State::Closed => self.machine,
            order => order,
        }
    }

    /// The order in force.
    pub(super) fn in_force(&self) -> State {
        if self.off { State::Disabled } else { self.order }
    }

    pub(super) fn time_left(&self, now: Instant) -> Option<Duration> {
        (self.state() == State::Open).then(|| self.until.saturating_since(now).min(self.longest()))
    }

    fn longest(&self) -> Duration {
        self.config.max_timeout.unwrap_or(self.config.timeout).max(self.period)
    }

    pub(super) fn admit(&mut self, now: Instant) -> Result<Call, Option<Duration>> {
        match self.in_force() {
            State::ForcedOpen => return self.refuse(None, now),
            State::Disabled => return Ok(self.call(Role::Unrecorded, now)),
            _ => {}
        }
        if self.machine == State::Open {
            // The clock was set back.
            if self.until.saturating_since(now) > self.longest() {
                self.until = now + self.period;
            }
            if self.until > now {
                return self.refuse(Some(self.until.saturating_since(now)), now);
            }
            self.enter(State::HalfOpen);
        }
        if self.machine == State::Closed {
            return Ok(self.call(Role::Usual, now));
        }
        let places = self.config.half_open_calls.unwrap_or(self.config.success_threshold);
        if self.probes_in_flight >= places {
            return self.refuse(None, now);
        }
        self.probes_in_flight += 1;
        Ok(self.call(Role::Probe, now))
    }

    fn refuse(&mut self, left: Option<Duration>, now: Instant) -> Result<Call, Option<Duration>> {
        if self.in_force() == State::ObserveOnly {
            return Ok(self.call(Role::Bystander, now));
        }
        self.rejected += 1;
        Err(left)
    }

    fn call(&self, role: Role, started: Instant) -> Call {
        Call { role, epoch: self.epoch, started }
    }

    pub(super) fn settle(&mut self, call: Call, verdict: Verdict, now: Instant) {
        if call.role == Role::Unrecorded {
            return;
        }
        match verdict {
            Verdict::Success => self.successes += 1,
            Verdict::Ignored => self.ignored += 1,
            Verdict::Failure => {
                self.failures += 1;
                self.last_failure = Some(now);
            }
        }
        if call.epoch != self.epoch || call.role == Role::Bystander {
            return;
        }
        let failed = verdict == Verdict::Failure;
        let slow = self.config.slow_call.is_some_and(|limit| now.saturating_since(call.started) >= limit);
        match (call.role, verdict) {
            (Role::Probe, Verdict::Ignored) => self.probes_in_flight -= 1,
            (Role::Probe, _) if failed || slow => {
                let timeout = self.config.timeout;
                let doubled = |most: Duration| most.min(self.period * 2).max(timeout);
                self.period = self.config.max_timeout.map_or(timeout, doubled);
                self.open(now);
            }
            (Role::Probe, _) => {
                self.probes_in_flight -= 1;
                self.probes_passed += 1;
                if self.probes_passed >= self.config.success_threshold {
                    self.close();
                }
            }
            (_, Verdict::Ignored) => {}
            (..) => self.record(failed, slow, now),
        }
    }

    fn record(&mut self, failed: bool, slow: bool, now: Instant) {
        self.run = if failed { self.run + 1 } else { 0 };
        self.slide(now);
        if self.window.is_empty() {
            (self.origin, self.latest) = (now, 0);
        }
        self.window.push(Outcome { failed, slow, step: self.latest });
        self.slide(now);
        let (total, failures, slow) = self.counted();
        let minimum = match (self.config.minimum_calls, self.config.window) {
            (Some(calls), _) | (None, Some(Window::Count(calls))) => calls,
            (None, _) => 10,
        };
        let reaches =
            |part: u64, rate: f64| total >= u64::from(minimum) && part as f64 / total as f64 >= rate;
        let by_run =
            self.config.failure_rate.is_none() && self.run >= self.config.failure_threshold.unwrap_or(5);
        let by_failures = self.config.failure_rate.is_some_and(|rate| reaches(failures, rate));
        let by_slowness =
            self.config.slow_call.is_some() && reaches(slow, self.config.slow_call_rate.unwrap_or(1.0));
        if by_run || by_failures || by_slowness {
            self.open(now);
        }
    }

    /// All, failures and slow calls in the window.
    pub(super) fn tally(&mut self, now: Instant) -> (u64, u64, u64) {
        self.slide(now);
        self.counted()
    }

    fn counted(&self) -> (u64, u64, u64) {
        let count = |pick: fn(&Outcome) -> bool| self.window.iter().filter(|one| pick(one)).count() as u64;
        (count(|_| true), count(|one| one.failed), count(|one| one.slow))
    }

    /// Lets go of what is too old: an outcome of a window in time goes with its step, a twentieth of the window.
    fn slide(&mut self, now: Instant) {
        match self.config.window {
            None => self.window.clear(),
            Some(Window::Count(calls)) => {
                let surplus = self.window.len().saturating_sub(calls as usize);
                self.window.drain(..surplus);
            }
            Some(Window::Time(span)) => {
                let step = (now.saturating_since(self.origin).as_nanos() * 20 / span.as_nanos()) as u64;
                // A clock that was set back by more than the window starts it afresh; by less, it stands still.
                if self.origin.saturating_since(now) > span || step + 20 < self.latest {
                    self.window.clear();
                }
                self.latest = self.latest.max(step);
                self.window.retain(|outcome| outcome.step + 20 > self.latest);
            }
        }
    }

    fn open(&mut self, now: Instant) {
        self.until = now + self.period;
        self.enter(State::Open);
    }

    fn close(&mut self) {
        self.period = self.config.timeout;
        self.enter(State::Closed);
    }

    fn enter(&mut self, machine: State) {
        self.changes.push((self.machine, machine));
        self.afresh(machine);
    }

    fn afresh(&mut self, machine: State) {
        self.machine = machine;
        self.epoch += 1;
        self.run = 0;
        self.probes_in_flight = 0;
        self.probes_passed = 0;
        self.window.clear();
    }

    /// `Closed` stands for normal operation: closed by hand.
    pub(super) fn order(&mut self, order: State) {
        let observed = (self.machine, self.state());
        self.period = self.config.timeout;
        self.afresh(State::Closed);
        let change = match self.off {
            true => (State::Disabled, State::Disabled),
            false if self.order == order => (observed.0, State::Closed),
            false => (observed.1, order),
        };
        self.order = order;
        if change.0 != change.1 {
            self.changes.push(change);
        }
    }

    pub(super) fn order_once(&mut self, order: State) {
        if self.order != order {
            self.order(order);
        }
    }

    /// Goes by another configuration, on or off.
    pub(super) fn steer(&mut self, config: CircuitBreakerConfig, on: bool) {
        let sampling = |config: &CircuitBreakerConfig| (config.window, config.slow_call);
        let is_other = sampling(&self.config) != sampling(&config);
        self.config = config;
        if on == self.off {
            let before = self.state();
            self.off = !on;
            self.afresh(State::Closed);
            self.changes.extend(Some((before, self.state())).filter(|(from, to)| from != to));
        } else if is_other {
            self.afresh(self.machine);
        }
        if self.machine == State::Closed {
            self.period = config.timeout;
        }
    }

    pub(super) fn reset(&mut self) {
        self.order(State::Closed);
        (self.successes, self.failures, self.ignored, self.rejected) = (0, 0, 0, 0);
        self.last_failure = None;
    }
}
