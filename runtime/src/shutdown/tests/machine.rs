//! The machine alone, through random lives. `MAINSTAY_STEPS` says how many.

use fastrand::Rng;

use super::*;
use crate::{
    clock::Instant,
    histories,
    shutdown::{
        entry::{Entry, Id},
        state::{Action, Seen as Sight, State},
    },
};

struct Life {
    rng: Rng,
    state: State,
    config: ShutdownConfig,
    now: Instant,
    begun: Option<Instant>,
    /// What runs, as the driver sees it.
    running: Vec<Id>,
    /// What has begun, in order.
    started: Vec<Id>,
    accepts: bool,
    is_cancelled: bool,
    flushes: bool,
}

fn milliseconds(rng: &mut Rng, most: u64) -> Duration {
    Duration::from_millis(rng.u64(0..=most))
}

impl Life {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut config = ShutdownConfig::new()
            .timeout(Duration::from_millis(rng.u64(100..20_000)))
            .handler_timeout(Duration::from_millis(rng.u64(1..5000)))
            .order(if rng.bool() { Order::OneByOne } else { Order::SideBySide });
        if rng.bool() {
            config = config.pre_drain(config.whole() / 3);
        }
        if rng.bool() {
            config = config.drain_timeout(config.whole().mul_f64(0.8 * rng.f64()));
        }
        assert_eq!(config.check(), Ok(()));
        let mut life = Self {
            state: State::new(config),
            config,
            now: Instant::ZERO + milliseconds(&mut rng, 10_000),
            begun: None,
            running: Vec::new(),
            started: Vec::new(),
            accepts: true,
            is_cancelled: false,
            flushes: false,
            rng,
        };
        for _ in 0..life.rng.usize(0..8) {
            life.register();
        }
        life
    }

    fn register(&mut self) {
        let id = self.state.new_id();
        let mut handler = Handler::new(id.to_string(), || async {});
        handler = handler.phase(*self.rng.choice(&Phase::ALL).unwrap());
        for _ in 0..self.rng.usize(0..3) {
            handler = handler.after(self.rng.u64(1..10).to_string());
        }
        if self.rng.bool() {
            handler = handler.timeout(milliseconds(&mut self.rng, 8000));
        }
        handler.is_client = self.rng.u8(..) < 40;
        let _ = self.state.register(Entry::of(&handler, id, Place::new("here", 1)));
    }

    fn step(&mut self) {
        match self.rng.u8(0..10) {
            0 => self.register(),
            1 if self.rng.bool() && self.state.trigger(self.now, "test".into()) => {
                self.begun = Some(self.now)
            }
            2 | 3 => {
                // Sleeps as the driver does.
                let deadline = self.state.deadline(self.now);
                if deadline != Instant::NEVER {
                    self.now = self.now.max(deadline);
                }
            }
            4 | 5 => self.now = self.now + milliseconds(&mut self.rng, 3000),
            _ if !self.running.is_empty() => {
                let id = self.running.swap_remove(self.rng.usize(..self.running.len()));
                let state =
                    if self.rng.bool() { HandlerState::Done } else { HandlerState::Failed("x".into()) };
                assert!(self.state.settle(id, self.now, state).is_some());
            }
            _ => {}
        }
        let sight = Sight { is_idle: self.rng.bool(), is_flushed: self.flushes && self.rng.bool() };
        let actions = self.state.advance(self.now, sight);
        for action in actions {
            self.check(action);
        }
        self.check_state();
    }

    fn check(&mut self, action: Action) {
        match action {
            Action::StopAccepting => {
                assert!(self.accepts);
                assert!(self.now.saturating_since(self.begun.unwrap()) >= self.config.pre());
                self.accepts = false;
            }
            Action::CancelWork => assert!(!self.accepts && !std::mem::replace(&mut self.is_cancelled, true)),
            Action::Start(id) => self.check_start(id),
            Action::GiveUp(id) => {
                let at = self.running.iter().position(|running| *running == id).expect("it ran");
                self.running.swap_remove(at);
                let entry = self.state.entry(id).unwrap();
                assert_eq!(entry.state, HandlerState::TimedOut);
                assert!(self.now >= entry.deadline().min(self.state.handlers_end()));
            }
            Action::Flush => {
                assert!(self.running.is_empty() && !self.flushes);
                assert!(self.state.handlers.iter().all(|entry| entry.state.is_settled()));
                self.flushes = true;
            }
            Action::End => assert!(self.flushes),
        }
    }

    fn check_start(&mut self, id: Id) {
        assert!(!self.started.contains(&id), "it begins once");
        let entry = self.state.entry(id).unwrap();
        assert_eq!(entry.phase == Phase::Announce, self.accepts, "{:?}", self.state.stage);
        assert!(self.now < self.state.handlers_end());
        assert!(self.now + entry.limit.unwrap() <= self.state.handlers_end());
        let earlier = self.state.handlers.iter().filter(|other| other.phase < entry.phase);
        assert!(earlier.into_iter().all(|other| other.state.is_settled()));
        for name in &entry.after {
            let awaited = self.state.handlers.iter().find(|other| other.name == *name);
            assert!(awaited.is_none_or(|other| other.state.is_settled()));
        }
        if self.config.in_order() == Order::OneByOne {
            assert!(self.running.iter().all(|other| self.state.entry(*other).unwrap().state.is_settled()));
        }
        self.started.push(id);
        self.running.push(id);
    }

    fn check_state(&self) {
        for entry in &self.state.handlers {
            assert_eq!(entry.state == HandlerState::Running, self.running.contains(&entry.id));
        }
        if self.state.stage != Stage::Running {
            assert!(self.begun.is_some());
            let is_over = self.now >= self.state.end();
            assert!(
                !is_over
                    || self.state.stage == Stage::Ended
                    || self.state.stage == Stage::Flushing
                    || self.is_late()
            );
        }
    }

    /// A stage that begins at this very moment is left at the next look.
    fn is_late(&self) -> bool {
        self.state.stage_since == self.now
    }
}

#[test]
fn no_life_breaks_the_rules_and_every_one_ends_in_time() {
    histories::run(30_000, |seed| {
        let mut life = Life::new(seed);
        let steps = life.rng.u64(1..200);
        (0..steps).for_each(|_| life.step());
        // Whatever has happened: left alone, it ends by the clock.
        if life.state.begun.is_none() {
            life.state.trigger(life.now, "test".into());
            life.begun = Some(life.now);
        }
        let (alone_since, mut looks) = (life.now, 0);
        while life.state.stage != Stage::Ended {
            for action in life.state.advance(life.now, Sight::default()) {
                life.check(action);
            }
            life.check_state();
            let next = life.state.deadline(life.now);
            if next != Instant::NEVER && next > life.now {
                life.now = next;
            }
            looks += 1;
            assert!(looks < 100, "{:?}", life.state);
        }
        let latest = life.begun.unwrap() + life.config.whole();
        assert!(life.state.ended.unwrap() <= latest.max(alone_since));
        steps
    });
}
