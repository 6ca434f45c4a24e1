//! Several processes and one store, through random steps: calls begin, stop for longer than their lease, are dropped, and
//! meet a store that is away. `MAINSTAY_STEPS` says how many.

use std::{
    cell::Cell,
    collections::BTreeMap,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use super::{
    super::{Idempotency, IdempotencyConfig, OnCancel, in_store::StoreKey},
    recording::{Recording, Weather},
};
use crate::{
    Error, Kind,
    clock::{self, Instant, ManualClock},
};

#[derive(Debug)]
enum Failure {
    /// The body's own.
    Failed,
    Refused(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

type Answer = Result<u32, Failure>;

struct Call<'a> {
    key: String,
    future: Pin<Box<dyn Future<Output = Answer> + 'a>>,
    stopped_until: Instant,
}

/// How many steps it takes.
const LIFE: usize = 100;

const LEASE: Duration = Duration::from_secs(3);

/// Processes from their start to the end of their last call.
struct Life<'a> {
    clock: &'a ManualClock,
    store: &'a Arc<Recording>,
    processes: &'a [Idempotency],
    /// How many bodies have begun.
    bodies: &'a Cell<u32>,
    calls: Vec<Call<'a>>,
    answers: BTreeMap<String, u32>,
}

impl<'a> Life<'a> {
    fn step(&mut self, random: &mut fastrand::Rng) {
        match random.u8(0..100) {
            0..20 => self.begin(random),
            20..70 => self.go_on(random),
            70..77 => self.stop(random),
            77..81 => self.drop_one(random),
            81..95 => self.clock.advance(Duration::from_millis(random.u64(0..2500))),
            _ => self.store.set_weather(match random.u8(0..8) {
                0 => Weather::Away,
                1 => Weather::Deaf,
                2 => Weather::SlowToAct,
                3 => Weather::SlowToAnswer,
                _ => Weather::Fine,
            }),
        }
    }

    /// A step after which all go on: nobody stops, and the store is there.
    fn calm_step(&mut self, random: &mut fastrand::Rng) {
        match random.u8(0..100) {
            0..40 => self.begin(random),
            40..50 => self.drop_one(random),
            50..90 => self.clock.advance(Duration::from_millis(random.u64(0..500))),
            _ => self.store.set_weather(match random.u8(0..3) {
                0 => Weather::SlowToAct,
                1 => Weather::SlowToAnswer,
                _ => Weather::Fine,
            }),
        }
        self.all_go_on();
    }

    fn all_go_on(&mut self) {
        let mut index = 0;
        while index < self.calls.len() {
            if !self.poll(index) {
                index += 1;
            }
        }
    }

    fn begin(&mut self, random: &mut fastrand::Rng) {
        if self.calls.len() < 10 {
            let key = format!("key {}", random.u8(0..4));
            let process = random.usize(..self.processes.len());
            let takes = Duration::from_millis(random.u64(0..8000));
            self.call(key, process, takes, random.u8(..4) == 0);
        }
    }

    fn call(&mut self, key: String, process: usize, takes: Duration, fails: bool) {
        let bodies = self.bodies;
        let keyed = self.processes[process].key(&key).in_store(self.store);
        let body = move || async move {
            let number = bodies.replace(bodies.get() + 1);
            clock::sleep(takes).await;
            if fails { Err(Failure::Failed) } else { Ok(number) }
        };
        let future = Box::pin(keyed.call_async(body));
        self.calls.push(Call { key, future, stopped_until: Instant::ZERO });
    }

    fn some(&self, random: &mut fastrand::Rng) -> Option<usize> {
        (!self.calls.is_empty()).then(|| random.usize(..self.calls.len()))
    }

    fn go_on(&mut self, random: &mut fastrand::Rng) {
        if let Some(index) = self.some(random)
            && self.calls[index].stopped_until <= self.clock.now()
        {
            self.poll(index);
        }
    }

    fn poll(&mut self, index: usize) -> bool {
        let call = &mut self.calls[index];
        let Poll::Ready(answer) = call.future.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
            return false;
        };
        let key = self.calls.swap_remove(index).key;
        let in_store = StoreKey::new(self.processes[0].shared_name(), &key);
        match answer {
            Ok(number) => {
                let first = *self.answers.entry(key.clone()).or_insert(number);
                assert_eq!(number, first, "{key} has two answers");
                let record = self.store.record(&in_store);
                assert!(
                    record.is_some_and(|record| record.ends_with(&number.to_le_bytes())),
                    "an answer that is not kept"
                );
            }
            Err(Failure::Failed) => {}
            Err(Failure::Refused(error)) => {
                let known = [Kind::InFlight, Kind::Store, Kind::Unrecorded];
                assert!(known.contains(&error.kind()), "{error}");
            }
        }
        true
    }

    fn stop(&mut self, random: &mut fastrand::Rng) {
        if let Some(index) = self.some(random) {
            let stop = LEASE * random.u32(1..4) / 2;
            self.calls[index].stopped_until = self.clock.now() + stop;
        }
    }

    fn drop_one(&mut self, random: &mut fastrand::Rng) {
        if let Some(index) = self.some(random) {
            drop(self.calls.swap_remove(index));
        }
    }

    /// Nobody stops any more, and the store is there: all calls come to their end.
    fn come_to_the_end(&mut self) {
        self.store.set_weather(Weather::Fine);
        for _ in 0..5_000 {
            self.all_go_on();
            if self.calls.is_empty() {
                return;
            }
            self.clock.advance(Duration::from_millis(100));
        }
        let left: Vec<_> = self.calls.iter().map(|call| &call.key).collect();
        panic!("calls of {left:?} wait for ever");
    }

    /// Each key still gives what it gave.
    fn ask_again(&mut self) {
        let bodies = self.bodies.get();
        let keys: Vec<_> = self.answers.keys().cloned().collect();
        for key in keys {
            self.call(key, 0, Duration::ZERO, false);
        }
        self.come_to_the_end();
        assert_eq!(self.bodies.get(), bodies, "a key that was answered ran again");
    }
}

/// How many calls took over from one whose lease ran out, and how many came too late to complete.
fn live(
    random: &mut fastrand::Rng,
    config: IdempotencyConfig,
    step: fn(&mut Life<'_>, &mut fastrand::Rng),
) -> (u64, u64) {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let store = Recording::new();
    let processes: Vec<_> = (0..3).map(|_| config.build("process").unwrap()).collect();
    let bodies = Cell::new(0);
    let mut life = Life {
        clock: &clock,
        store: &store,
        processes: &processes,
        bodies: &bodies,
        calls: Vec::new(),
        answers: BTreeMap::new(),
    };
    for _ in 0..LIFE {
        step(&mut life, random);
    }
    life.come_to_the_end();
    life.ask_again();
    drop(life);
    assert_eq!(clock.sleepers(), 0);
    let sum = |count: fn(&Idempotency) -> u64| processes.iter().map(count).sum();
    (sum(Idempotency::took_over_count), sum(Idempotency::late_count))
}

#[test]
fn whatever_happens_to_processes_and_store_a_key_has_one_owner_and_one_answer() {
    let (mut took_over, mut late) = (0, 0);
    crate::histories::run(150_000, |seed| {
        let random = &mut fastrand::Rng::with_seed(seed);
        let mut config = IdempotencyConfig::new().lease(LEASE);
        if random.bool() {
            config = config.on_cancel(OnCancel::Keep);
        }
        if random.bool() {
            config = config.max_wait(Duration::from_secs(5));
        }
        let (more_took_over, more_late) = live(random, config, |life, random| life.step(random));
        took_over += more_took_over;
        late += more_late;
        LIFE as u64
    });
    if crate::histories::steps(150_000) >= 150_000 {
        assert!(took_over > 100 && late > 10, "the histories are too tame: {took_over} {late}");
    }
}

#[test]
fn where_nobody_stops_no_lease_runs_out_and_what_is_dropped_gives_its_key_back() {
    crate::histories::run(100_000, |seed| {
        let random = &mut fastrand::Rng::with_seed(seed);
        let lost = live(random, IdempotencyConfig::new().lease(LEASE), |life, random| life.calm_step(random));
        assert_eq!(lost, (0, 0), "taken over, and late");
        LIFE as u64
    });
}
