//! The bulkhead beside a plain model of it, through random steps. `MAINSTAY_STEPS` says how many.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Wake,
    time::Duration,
};

use super::*;
use crate::{
    bulkhead::{Enter, Entry},
    clock::{Instant, ManualClock},
};

/// Places and a queue as one would write them down, for one thread.
#[derive(Debug)]
struct Model {
    configured: u32,
    /// Switched off from outside, it lets all in and counts them.
    on: bool,
    max_queue: Option<u32>,
    max_wait: Option<Duration>,
    limit: u32,
    taken: u32,
    queue: VecDeque<u64>,
    admitted: u64,
    rejected: u64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Enters,
    Waits,
    Refused,
    Elapsed,
}

impl Model {
    fn is_free(&self) -> bool {
        self.queue.is_empty() && self.taken < self.room()
    }

    fn room(&self) -> u32 {
        if self.on { self.limit } else { u32::MAX }
    }

    fn steer(&mut self, config: &BulkheadConfig, on: bool) {
        self.on = on;
        (self.max_queue, self.max_wait) = (config.max_queue, config.wait_limit());
        if config.limit() != self.configured {
            (self.configured, self.limit) = (config.limit(), config.limit());
        }
        self.let_in();
    }

    fn queue_limit(&self) -> usize {
        let default = if self.max_wait.is_some() { self.limit } else { 0 };
        self.max_queue.unwrap_or(default) as usize
    }

    /// What becomes of one who comes and is ready to wait until `deadline`.
    fn come(&mut self, id: u64, now: Instant, deadline: Option<Instant>) -> Fate {
        if self.is_free() {
            self.taken += 1;
            self.admitted += 1;
            return Fate::Enters;
        }
        if self.queue.len() >= self.queue_limit() {
            self.rejected += 1;
            return Fate::Refused;
        }
        if deadline.is_some_and(|at| at <= now) {
            return Fate::Elapsed;
        }
        self.queue.push_back(id);
        Fate::Waits
    }

    /// What one who waits is told when they look again.
    fn look(&mut self, waiter: &Waiter<'_>, now: Instant) -> Fate {
        if !self.queue.contains(&waiter.id) {
            if waiter.deadline.is_some_and(|at| now > at) {
                self.release();
                return Fate::Elapsed;
            }
            self.admitted += 1;
            return Fate::Enters;
        }
        let Some(end) = waiter.end().filter(|end| *end <= now) else { return Fate::Waits };
        self.queue.retain(|id| *id != waiter.id);
        if waiter.deadline == Some(end) {
            return Fate::Elapsed;
        }
        self.rejected += 1;
        Fate::Refused
    }

    fn give_up(&mut self, waiter: &Waiter<'_>) {
        match self.queue.iter().position(|id| *id == waiter.id) {
            Some(position) => drop(self.queue.remove(position)),
            None => self.release(),
        }
    }

    fn release(&mut self) {
        self.taken -= 1;
        self.let_in();
    }

    fn set_limit(&mut self, limit: u32) {
        self.limit = limit;
        self.let_in();
    }

    fn let_in(&mut self) {
        while self.taken < self.room() && self.queue.pop_front().is_some() {
            self.taken += 1;
        }
    }
}

struct Waiter<'a> {
    id: u64,
    future: Pin<Box<Enter<'a>>>,
    own: Option<Instant>,
    deadline: Option<Instant>,
    woken: Arc<Woken>,
}

impl Waiter<'_> {
    fn end(&self) -> Option<Instant> {
        self.own.into_iter().chain(self.deadline).min()
    }
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// One bulkhead from its making to its end.
struct Life<'a> {
    bulkhead: &'a Bulkhead,
    clock: &'a ManualClock,
    model: Model,
    waiters: Vec<Waiter<'a>>,
    inside: Vec<BulkheadPermit<'a>>,
    next_id: u64,
}

impl<'a> Life<'a> {
    fn step(&mut self, random: &mut fastrand::Rng) {
        match random.u8(0..100) {
            0..30 => self.come(random),
            30..35 => self.come_without_patience(random.bool()),
            35..55 => self.release(random),
            55..75 => self.look(random),
            75..85 => self.give_up(random),
            85..95 => self.clock.advance(Duration::from_secs(random.u64(0..3))),
            95..98 => self.set_limit(random.u32(0..6)),
            98 => {
                self.bulkhead.reset();
                self.model.set_limit(self.model.configured);
            }
            99 if random.bool() => self.steer(random),
            // A burst of leaving, so that it is sometimes empty.
            _ => (0..10).for_each(|_| self.release(random)),
        }
    }

    fn come(&mut self, random: &mut fastrand::Rng) {
        let now = self.clock.now();
        let deadline = random.bool().then(|| now + Duration::from_secs(random.u64(0..6)));
        let own = self.model.max_wait.map(|wait| now + wait);
        let (id, woken) = (self.next_id, Arc::new(Woken(false.into())));
        self.next_id += 1;
        let future = Box::pin(self.bulkhead.enter_until_async(deadline));
        let mut waiter = Waiter { id, future, own, deadline, woken };
        let fate = self.model.come(id, now, deadline);
        if !self.poll(&mut waiter, fate) {
            self.waiters.push(waiter);
        }
    }

    fn come_without_patience(&mut self, politely: bool) {
        let free = self.model.is_free();
        let permit = if politely { self.bulkhead.enter_now() } else { self.bulkhead.try_enter().ok() };
        assert_eq!(permit.is_some(), free);
        self.model.taken += u32::from(free);
        self.model.admitted += u64::from(free);
        self.model.rejected += u64::from(!free && !politely);
        self.inside.extend(permit);
    }

    fn look(&mut self, random: &mut fastrand::Rng) {
        if self.waiters.is_empty() {
            return;
        }
        let mut waiter = self.waiters.swap_remove(random.usize(..self.waiters.len()));
        let fate = self.model.look(&waiter, self.clock.now());
        if !self.poll(&mut waiter, fate) {
            self.waiters.push(waiter);
        }
    }

    /// Polls one who must fare as foretold; whether they wait no longer.
    fn poll(&mut self, waiter: &mut Waiter<'a>, fate: Fate) -> bool {
        waiter.woken.0.store(false, Ordering::Relaxed);
        let waker = Waker::from(Arc::clone(&waiter.woken));
        let (actual, permit) = match waiter.future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Pending => (Fate::Waits, None),
            Poll::Ready(Entry::Entered(permit)) => (Fate::Enters, Some(permit)),
            Poll::Ready(Entry::Refused(_)) => (Fate::Refused, None),
            Poll::Ready(Entry::Elapsed) => (Fate::Elapsed, None),
        };
        assert_eq!(actual, fate);
        self.inside.extend(permit);
        actual != Fate::Waits
    }

    fn give_up(&mut self, random: &mut fastrand::Rng) {
        if !self.waiters.is_empty() {
            let waiter = self.waiters.swap_remove(random.usize(..self.waiters.len()));
            self.model.give_up(&waiter);
        }
    }

    fn release(&mut self, random: &mut fastrand::Rng) {
        if !self.inside.is_empty() {
            drop(self.inside.swap_remove(random.usize(..self.inside.len())));
            self.model.release();
        }
    }

    fn set_limit(&mut self, limit: u32) {
        assert_eq!(self.bulkhead.set_limit(limit).is_ok(), limit > 0);
        if limit > 0 {
            self.model.set_limit(limit);
        }
    }

    /// Other options, from outside.
    fn steer(&mut self, random: &mut fastrand::Rng) {
        let (config, on) = (random_config(random), random.u8(0..3) > 0);
        steer(self.bulkhead, config, on);
        self.model.steer(&config, on);
    }

    fn agrees(&self) {
        let (bulkhead, model) = (self.bulkhead, &self.model);
        assert_eq!(
            (bulkhead.limit(), bulkhead.in_flight(), bulkhead.waiting() as usize),
            (model.limit, model.taken, model.queue.len())
        );
        assert_eq!((bulkhead.admitted_count(), bulkhead.rejected_count()), (model.admitted, model.rejected));
        assert_eq!(bulkhead.available(), model.limit.saturating_sub(model.taken));
        for waiter in &self.waiters {
            let handed = !model.queue.contains(&waiter.id);
            let over = waiter.end().is_some_and(|end| end <= self.clock.now());
            assert_eq!(waiter.woken.0.load(Ordering::Relaxed), handed || over, "waiter {}", waiter.id);
        }
    }
}

fn random_config(random: &mut fastrand::Rng) -> BulkheadConfig {
    let max_wait = random.bool().then(|| Duration::from_secs(random.u64(1..6)));
    let config = BulkheadConfig::new(random.u32(1..5)).max_wait(max_wait.unwrap_or_default());
    match random.bool() {
        true => config.max_queue(random.u32(u32::from(max_wait.is_some())..5)),
        false => config,
    }
}

fn live(random: &mut fastrand::Rng, steps: usize) {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let config = random_config(random);
    let limit = config.limit();
    let (max_queue, max_wait) = (config.max_queue, config.wait_limit());
    let bulkhead = bulkhead(config);
    let model = Model {
        configured: limit,
        on: true,
        max_queue,
        max_wait,
        limit,
        taken: 0,
        queue: VecDeque::new(),
        admitted: 0,
        rejected: 0,
    };
    let (waiters, inside) = (Vec::new(), Vec::new());
    let mut life = Life { bulkhead: &bulkhead, clock: &clock, model, waiters, inside, next_id: 0 };
    for _ in 0..steps {
        life.step(random);
        life.agrees();
    }
    drop(life);
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting(), clock.sleepers()), (0, 0, 0));
}

#[test]
fn a_bulkhead_does_in_any_order_of_steps_what_its_model_does() {
    const LIFE: usize = 1000;
    crate::histories::run(400_000, |seed| {
        live(&mut fastrand::Rng::with_seed(seed), LIFE);
        LIFE as u64
    });
}
