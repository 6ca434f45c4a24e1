//! A cache beside a plain model of it, through random histories: calls that begin, end well or badly, are dropped, and keys
//! that are removed meanwhile. `MAINSTAY_STEPS` says how many steps.

use std::{
    cell::Cell,
    collections::BTreeMap,
    future::{Future, poll_fn},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use super::{Cache, CacheConfig, steered::steer, tests::Failed};
use crate::{clock::ManualClock, histories};

type Answer = Result<u32, Failed>;

const KEYS: u8 = 3;
const TTL: u64 = 10;

/// What the model keeps under a key, and until when it is fresh.
#[derive(Debug, Clone, Copy)]
struct Kept {
    answer: Answer,
    fresh_until: u64,
}

/// A load that is under way: the call that loads, and those that wait, by age.
#[derive(Debug, Default)]
struct Load {
    calls: Vec<usize>,
    key: u8,
    is_current: bool,
    /// Whether others had an old answer when it began.
    is_refresh: bool,
    /// Begun while the cache was switched off.
    is_alone: bool,
}

#[derive(Debug, Default)]
struct Plain {
    now: u64,
    off: bool,
    ttl: u64,
    stale_for: u64,
    stale_if_error: u64,
    cache_err: u64,
    kept: BTreeMap<u8, Kept>,
    loads: Vec<Load>,
    answers: BTreeMap<usize, Answer>,
}

impl Plain {
    fn old(&self, key: u8, time: u64) -> Option<u32> {
        let kept = self.kept.get(&key)?;
        kept.answer.ok().filter(|_| self.now < kept.fresh_until + time)
    }

    fn begin(&mut self, call: usize, key: u8) {
        if self.off {
            self.loads.push(Load { calls: vec![call], key, is_alone: true, ..Load::default() });
            return;
        }
        let current = self.loads.iter().position(|load| load.key == key && load.is_current);
        match (self.kept.get(&key), current) {
            (Some(kept), _) if self.now < kept.fresh_until => drop(self.answers.insert(call, kept.answer)),
            (_, Some(load)) => match self.old(key, self.stale_for) {
                Some(old) => drop(self.answers.insert(call, Ok(old))),
                None if self.loads[load].is_refresh => {
                    self.loads[load].is_current = false;
                    self.lead(call, key);
                }
                None => self.loads[load].calls.push(call),
            },
            (_, None) => self.lead(call, key),
        }
    }

    fn lead(&mut self, call: usize, key: u8) {
        let is_refresh = self.old(key, self.stale_for).is_some();
        self.loads.push(Load { calls: vec![call], key, is_current: true, is_refresh, is_alone: false });
    }

    /// The call that loads is done.
    fn end(&mut self, load: usize, answer: Answer) {
        let load = self.loads.swap_remove(load);
        if load.is_alone {
            self.answers.extend(load.calls.into_iter().map(|call| (call, answer)));
            return;
        }
        let stands_in = self.old(load.key, self.stale_if_error).filter(|_| self.stale_if_error > 0);
        let (answer, time) = match (answer, stands_in) {
            (Ok(_), _) => (answer, self.ttl),
            (Err(_), Some(old)) => (Ok(old), 0),
            (Err(_), None) if self.old(load.key, self.stale_for).is_some() => (answer, 0),
            (Err(_), None) => (answer, self.cache_err),
        };
        if load.is_current && time > 0 {
            self.kept.insert(load.key, Kept { answer, fresh_until: self.now + time });
        }
        self.answers.extend(load.calls.into_iter().map(|call| (call, answer)));
    }

    fn drop(&mut self, call: usize) {
        self.loads.iter_mut().for_each(|load| load.calls.retain(|known| *known != call));
        self.loads.retain(|load| !load.calls.is_empty());
    }

    fn forget(&mut self, which: impl Fn(u8) -> bool) {
        self.kept.retain(|key, _| !which(*key));
        self.loads.iter_mut().filter(|load| which(load.key)).for_each(|load| load.is_current = false);
    }
}

/// A call of the real thing.
struct Call<'a> {
    future: Pin<Box<dyn Future<Output = Answer> + 'a>>,
    loads: Rc<Cell<bool>>,
    gives: Rc<Cell<Option<Answer>>>,
}

fn call(cache: &Cache, key: u8) -> Call<'_> {
    let (loads, gives) = (Rc::<Cell<bool>>::default(), Rc::<Cell<Option<Answer>>>::default());
    let load = {
        let (loads, gives) = (Rc::clone(&loads), Rc::clone(&gives));
        move || {
            poll_fn(move |_| {
                loads.set(true);
                gives.take().map_or(Poll::Pending, Poll::Ready)
            })
        }
    };
    let future = Box::pin(async move { cache.get_or_load_sharing_async(&key, load).await });
    Call { future, loads, gives }
}

fn config(model: &Plain) -> CacheConfig {
    CacheConfig::new(Duration::from_secs(model.ttl))
        .jitter(0.0)
        .stale_for(Duration::from_secs(model.stale_for))
        .stale_if_error(Duration::from_secs(model.stale_if_error))
        .cache_err(Duration::from_secs(model.cache_err))
}

fn life(random: &mut fastrand::Rng, steps: usize) {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let mut time = || if random.bool() { 0 } else { random.u64(1..20) };
    let mut model =
        Plain { ttl: TTL, stale_for: time(), stale_if_error: time(), cache_err: time(), ..Plain::default() };
    let cache = config(&model).build("model").unwrap();
    let mut calls = BTreeMap::new();
    for step in 0..steps {
        let key = random.u8(..KEYS);
        match random.u8(..12) {
            0..4 => {
                calls.insert(step, call(&cache, key));
                model.begin(step, key);
            }
            4..7 if !model.loads.is_empty() => {
                let load = random.usize(..model.loads.len());
                let answer = if random.u8(..3) == 0 { Err(Failed(step as u32)) } else { Ok(step as u32) };
                calls[&model.loads[load].calls[0]].gives.set(Some(answer));
                model.end(load, answer);
            }
            7 if !calls.is_empty() => {
                let dropped = *calls.keys().nth(random.usize(..calls.len())).unwrap();
                calls.remove(&dropped);
                model.drop(dropped);
            }
            8 => {
                cache.remove(&key);
                model.forget(|known| known == key);
            }
            9 => {
                cache.insert(&key, step as u32);
                model.forget(|known| known == key);
                model.kept.insert(key, Kept { answer: Ok(step as u32), fresh_until: model.now + model.ttl });
            }
            10 if random.u8(..4) == 0 => {
                cache.clear();
                model.forget(|_| true);
            }
            10 if random.u8(..4) == 0 => {
                model.off = random.u8(..3) == 0;
                let mut time = |least| if random.bool() { least } else { random.u64(1..20) };
                (model.ttl, model.stale_for) = (time(TTL), time(0));
                (model.stale_if_error, model.cache_err) = (time(0), time(0));
                steer(&cache, config(&model), !model.off);
            }
            _ => {
                let time = random.u64(..6);
                clock.advance(Duration::from_secs(time));
                model.now += time;
            }
        }
        // Those that load are polled before those that wait for them.
        for _ in 0..2 {
            let mut answers = BTreeMap::new();
            for (number, call) in &mut calls {
                if let Poll::Ready(answer) =
                    call.future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
                {
                    answers.insert(*number, answer);
                }
            }
            for (number, answer) in answers {
                calls.remove(&number);
                assert_eq!(
                    Some(answer),
                    model.answers.remove(&number),
                    "call {number} at step {step}: {model:?}"
                );
            }
        }
        assert!(model.answers.is_empty(), "calls that go on at step {step}: {model:?}");
        for load in &model.loads {
            for (place, number) in load.calls.iter().enumerate() {
                assert_eq!(calls[number].loads.get(), place == 0, "call {number} at step {step}: {model:?}");
            }
        }
        let fresh = model.kept.get(&key).filter(|kept| !model.off && model.now < kept.fresh_until);
        assert_eq!(
            cache.get(&key),
            fresh.and_then(|kept| kept.answer.ok()),
            "key {key} at step {step}: {model:?}"
        );
    }
}

#[test]
fn a_cache_answers_as_its_model_does() {
    const LIFE: usize = 60;
    histories::run(120_000, |seed| {
        life(&mut fastrand::Rng::with_seed(seed), LIFE);
        LIFE as u64
    });
}
