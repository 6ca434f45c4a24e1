//! A random life of a breaker is that of the plain [`Model`].
//!
//! `MAINSTAY_STEPS=10000000` makes it longer; `MAINSTAY_SEED` begins with the seed that a failure has named.

use std::{
    collections::{HashSet, VecDeque},
    fmt,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    time::Duration,
};

use super::{
    model::{Call, Model},
    support::{SECOND, hear, steer},
};
use crate::{
    Error,
    circuit_breaker::{CircuitBreaker, CircuitBreakerConfig, OnCancel, Permit, State, Verdict, Window},
    clock::{Installed, Instant, ManualClock},
    histories,
};

const STEPS: u64 = 100_000;
/// How many steps one breaker lives.
const LIFE: u64 = 3000;
const NAME: &str = "breaker.life";

#[derive(Debug, Clone, Copy)]
enum Step {
    /// So many calls, one after the other, with that outcome.
    Calls(u32, Verdict),
    /// A call that lasts.
    Begin,
    /// The end of the nth of those.
    End(usize, Verdict),
    Drop(usize),
    Panic(usize),
    Advance(Duration),
    SetBack(Duration),
    Look,
    Reset,
    Close,
    Resume,
    Order(State),
    /// Another configuration, on or off, from outside.
    Steer(CircuitBreakerConfig, bool),
}

/// Both clocks: what the breaker reads can be set back, which a manual clock cannot.
struct Time {
    now: Instant,
    installed: Option<(ManualClock, Installed)>,
}

impl Time {
    fn set(&mut self, now: Instant) {
        self.now = now;
        match &self.installed {
            Some((clock, _)) if clock.now() <= now => clock.advance_to(now),
            _ => {
                self.installed = None;
                let clock = ManualClock::new();
                clock.advance_to(now);
                let installed = clock.install();
                self.installed = Some((clock, installed));
            }
        }
    }
}

fn config(random: &mut fastrand::Rng) -> CircuitBreakerConfig {
    loop {
        let mut config =
            CircuitBreaker::builder().success_threshold(random.u32(1..4)).timeout(SECOND * random.u32(1..6));
        let windows = [1, 2, 3, 5, 10, 31, 32, 33, 64, 100, 200].map(Window::Count);
        let window = match random.u32(..3) {
            0 => Window::Time(SECOND * random.u32(1..30)),
            _ => windows[random.usize(..windows.len())],
        };
        let rates = [0.01, 0.1, 0.3, 0.5, 0.7, 1.0];
        let kind = random.u32(..4);
        if kind > 0 {
            config = config.window(window);
            if random.bool() {
                config = config.minimum_calls(random.u32(1..12));
            }
        }
        if kind == 0 || kind == 3 {
            config = config.failure_threshold(random.u32(1..7));
        } else {
            config = config.failure_rate(rates[random.usize(..6)]);
        }
        if kind >= 2 {
            config = config.slow_call(SECOND * random.u32(1..3));
            if random.bool() {
                config = config.slow_call_rate(rates[random.usize(..6)]);
            }
        }
        if random.bool() {
            config = config.half_open_calls(random.u32(1..5));
        }
        if random.bool() {
            config = config.max_timeout(SECOND * random.u32(4..20));
        }
        if random.bool() {
            config = config.on_cancel(OnCancel::Failure);
        }
        if config.check().is_ok() {
            return config;
        }
    }
}

fn verdict(random: &mut fastrand::Rng, odds: u32) -> Verdict {
    match random.u32(..odds) {
        0 => Verdict::Failure,
        1 if random.bool() => Verdict::Ignored,
        _ => Verdict::Success,
    }
}

/// The same but for options that leave calls and counts as they are.
fn nearly(mut config: CircuitBreakerConfig, random: &mut fastrand::Rng) -> CircuitBreakerConfig {
    for _ in 0..100 {
        let changed = match random.u32(..6) {
            0 => config.success_threshold(random.u32(1..4)),
            1 => config.timeout(SECOND * random.u32(1..6)),
            2 => config.half_open_calls(random.u32(1..5)),
            3 => config.minimum_calls(random.u32(1..12)),
            4 if config.failure_rate.is_some() => config.failure_rate(random.f64().max(0.01)),
            4 => config.failure_threshold(random.u32(1..7)),
            _ => config.max_timeout(SECOND * random.u32(4..20)),
        };
        if changed.check().is_ok() {
            config = changed;
            if random.bool() {
                break;
            }
        }
    }
    config
}

fn step(random: &mut fastrand::Rng, odds: u32, in_flight: usize, in_force: CircuitBreakerConfig) -> Step {
    let nth = random.usize(..in_flight.max(1));
    match random.u32(..1000) {
        0..400 => Step::Calls(1, verdict(random, odds)),
        400..450 => Step::Calls(random.u32(1..150), Verdict::Success),
        450..460 => Step::Calls(random.u32(1..8), Verdict::Failure),
        460..650 if in_flight < 8 => Step::Begin,
        650..760 if in_flight > 0 => Step::End(nth, verdict(random, odds)),
        760..790 if in_flight > 0 => Step::Drop(nth),
        790..800 if in_flight > 0 => Step::Panic(nth),
        800..930 => Step::Advance(Duration::from_millis([1, 50, 500, 1000, 5000, 20_000][random.usize(..6)])),
        930..935 => Step::SetBack(Duration::from_millis([1, 500, 5000, 100_000][random.usize(..4)])),
        935..985 => Step::Look,
        985 => Step::Reset,
        986..988 => Step::Close,
        988..992 => Step::Resume,
        992 => Step::Order(State::ForcedOpen),
        993 => Step::Order(State::Disabled),
        994..996 => Step::Order(State::ObserveOnly),
        996 => Step::Steer(config(random), random.u32(..4) > 0),
        997 => Step::Steer(nearly(in_force, random), random.u32(..6) > 0),
        _ => Step::Calls(2, Verdict::Success),
    }
}

struct Life<'a> {
    breaker: &'a CircuitBreaker,
    model: Model,
    time: Time,
    in_flight: Vec<(Permit<'a>, Call)>,
}

/// An error unless both are the same.
fn same<T: PartialEq + fmt::Debug>(what: &str, real: T, model: T) -> Result<(), String> {
    if real == model { Ok(()) } else { Err(format!("{what}: {real:?}, but the model says {model:?}")) }
}

impl<'a> Life<'a> {
    fn admit(&mut self) -> Result<Option<(Permit<'a>, Call)>, String> {
        match (self.breaker.admit(), self.model.admit(self.time.now)) {
            (Ok(permit), Ok(call)) => Ok(Some((permit, call))),
            (Err(Error::CircuitOpen { retry_after, .. }), Err(left)) => {
                same("the time left", retry_after, left).map(|()| None)
            }
            (real, model) => Err(format!("admitted: {real:?}, but the model says {model:?}")),
        }
    }

    fn play(&mut self, step: Step) -> Result<(), String> {
        let now = self.time.now;
        match step {
            Step::Calls(times, verdict) => {
                for _ in 0..times {
                    if let Some((permit, call)) = self.admit()? {
                        permit.settle(verdict);
                        self.model.settle(call, verdict, now);
                    }
                }
            }
            Step::Begin => {
                let begun = self.admit()?;
                self.in_flight.extend(begun);
            }
            Step::End(nth, verdict) => {
                let (permit, call) = self.in_flight.swap_remove(nth);
                permit.settle(verdict);
                self.model.settle(call, verdict, now);
            }
            Step::Drop(nth) => {
                let (permit, call) = self.in_flight.swap_remove(nth);
                drop(permit);
                let fails = self.breaker.config().on_cancel == OnCancel::Failure;
                self.model.settle(call, if fails { Verdict::Failure } else { Verdict::Ignored }, now);
            }
            Step::Panic(nth) => {
                let (permit, call) = self.in_flight.swap_remove(nth);
                // Like a panic, but without the message.
                let unwound = catch_unwind(AssertUnwindSafe(|| {
                    let _permit = permit;
                    resume_unwind(Box::new(()));
                }));
                assert!(unwound.is_err());
                self.model.settle(call, Verdict::Failure, now);
            }
            Step::Advance(by) => self.time.set(now + by),
            Step::SetBack(by) => self.time.set(now - by),
            Step::Look => return self.look(),
            Step::Reset => {
                self.breaker.reset();
                self.model.reset();
            }
            Step::Close => {
                self.breaker.close();
                self.model.order(State::Closed);
            }
            Step::Resume => {
                self.breaker.resume();
                self.model.order_once(State::Closed);
            }
            Step::Order(order) => {
                match order {
                    State::ForcedOpen => self.breaker.force_open(),
                    State::Disabled => self.breaker.disable(),
                    _ => self.breaker.observe_only(),
                }
                self.model.order_once(order);
            }
            Step::Steer(config, on) => {
                steer(self.breaker, config, on);
                self.model.steer(config, on);
            }
        }
        Ok(())
    }

    /// What can be seen without changing anything.
    fn compare(&self) -> Result<(), String> {
        let (breaker, model) = (self.breaker, &self.model);
        let disturbed = matches!(model.in_force(), State::Disabled | State::ForcedOpen);
        let observed = if disturbed { State::Closed } else { model.machine };
        same("the state", breaker.state(), model.state())?;
        same("the state observed", breaker.observed_state(), observed)?;
        same("failures in a row", breaker.consecutive_failures(), model.run)?;
        same("successes", breaker.success_count(), model.successes)?;
        same("failures", breaker.failure_count(), model.failures)?;
        same("ignored", breaker.ignored_count(), model.ignored)?;
        same("refused", breaker.rejected_count(), model.rejected)?;
        same("the last failure", breaker.last_failure(), model.last_failure)?;
        same("the time left", breaker.time_left(), model.time_left(self.time.now))
    }

    fn look(&mut self) -> Result<(), String> {
        let counts = self.breaker.counts();
        let window = (counts.window_total, counts.window_failures, counts.window_slow);
        same("the window", window, self.model.tally(self.time.now))
    }
}

/// Lives one life, and adds to the changes of state that were seen.
fn live(seed: u64, seen: &mut HashSet<(State, State)>) {
    let mut random = fastrand::Rng::with_seed(seed);
    let config = config(&mut random);
    let breaker = config.build(NAME).unwrap();
    let (_subscription, heard) = hear(NAME);
    let mut time = Time { now: Instant::ZERO, installed: None };
    time.set(Instant::from_nanos(1_000_000_000_000_000));
    let mut life = Life { breaker: &breaker, model: Model::new(config), time, in_flight: Vec::new() };
    let (mut odds, mut last) = (10, VecDeque::new());
    for _ in 0..LIFE {
        if random.u32(..100) == 0 {
            odds = [2, 4, 10, 300][random.usize(..4)];
        }
        let step = step(&mut random, odds, life.in_flight.len(), *breaker.config());
        last.push_back(step);
        if last.len() > 30 {
            last.pop_front();
        }
        let mut found = life.play(step).and_then(|()| life.compare());
        if found.is_ok() {
            let heard = std::mem::take(&mut *heard.lock().unwrap());
            seen.extend(&heard);
            found = same("the changes heard of", heard, std::mem::take(&mut life.model.changes));
        }
        if let Err(difference) = found {
            panic!("seed {seed}: {difference}\nconfiguration: {config:?}\nlast steps: {last:#?}");
        }
    }
}

#[test]
fn a_random_life_is_that_of_a_plain_model() {
    let mut seen = HashSet::new();
    histories::run(STEPS, |seed| {
        live(seed, &mut seen);
        LIFE
    });
    // Lives in which nothing happens would prove nothing.
    use State::{Closed, Disabled, ForcedOpen, HalfOpen, ObserveOnly, Open};
    let usual = [(Closed, Open), (Open, HalfOpen), (HalfOpen, Open), (HalfOpen, Closed), (Open, Closed)];
    let ordered = [(Closed, ForcedOpen), (ForcedOpen, Disabled), (ObserveOnly, Closed), (Open, ObserveOnly)];
    for change in usual.into_iter().chain(ordered) {
        assert!(histories::steps(STEPS) < STEPS || seen.contains(&change), "{change:?} has never been");
    }
}
