//! The wheel beside a sorted map, and waits in it beside plain ones, through random steps. `MAINSTAY_STEPS` says how many.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    task::{Poll, Wake, Waker},
};

use super::{
    alarm::Alarm,
    hold::Hold,
    levels::Wheel,
    tick::{self, NEVER},
    timer::Timer,
};
use crate::{clock::Instant, histories};

/// Near and far ticks alike.
fn some_ticks(random: &mut fastrand::Rng) -> u64 {
    random.u64(..1 << 44) >> random.u32(..44)
}

/// Things put into a wheel, taken out, moved when they are looked at, and looked at in time.
fn wheel(random: &mut fastrand::Rng, steps: usize) {
    let mut wheel = Wheel::new();
    let mut now = some_ticks(random) / 2;
    // What is in it, by its number: what it is, and its tick.
    let mut model: HashMap<u32, (u32, u64)> = HashMap::new();
    let mut order: BTreeMap<(u64, u32), u32> = BTreeMap::new();
    for id in 0..steps as u32 {
        match random.u8(..10) {
            0..4 => {
                let at =
                    now.saturating_add(some_ticks(random)).saturating_sub(random.u64(..3)).min(tick::LAST);
                let number = wheel.insert(now, at, id).unwrap();
                assert!(model.insert(number, (id, at)).is_none());
                order.insert((at, id), number);
            }
            4..6 => {
                let Some((&number, &(id, at))) = model.iter().nth(random.usize(..model.len().max(1))) else {
                    continue;
                };
                assert_eq!(wheel.remove(number), Some(id));
                model.remove(&number);
                order.remove(&(at, id));
            }
            _ => {
                now = match random.u8(..4) {
                    0 => now.saturating_add(some_ticks(random)).min(tick::LAST),
                    1 => wheel.next().map_or(now, |next| next.max(now)),
                    _ => now + random.u64(..100).min(tick::LAST - now),
                };
                loop {
                    let most = random.usize(1..5);
                    let more = wheel.advance(now, most, |&id, number| {
                        let (known, at) = model[&number];
                        assert_eq!(known, id);
                        if at > now {
                            return Some(at);
                        }
                        order.remove(&(at, id));
                        // Some wait for later by now.
                        if at < tick::LAST && random.u8(..4) == 0 && now < tick::LAST {
                            let later = now + 1 + some_ticks(random).min(tick::LAST - now - 1);
                            model.insert(number, (id, later));
                            order.insert((later, id), number);
                            return Some(later);
                        }
                        model.remove(&number);
                        None
                    });
                    if !more {
                        break;
                    }
                }
                let first = order.first_key_value().map(|((at, _), _)| *at);
                assert!(first.is_none_or(|at| at > now), "{first:?} was due by {now}");
            }
        }
        assert_eq!(wheel.len(), model.len());
        let first = order.first_key_value().map(|((at, _), _)| *at);
        assert_eq!(wheel.next().is_none(), first.is_none());
        assert!(wheel.next() <= first.map(|at| at.max(now)), "{:?} {first:?}", wheel.next());
    }
}

#[test]
fn the_wheel_looks_in_time_at_whatever_is_in_it() {
    const LIFE: usize = 120;
    histories::run(200_000, |seed| {
        wheel(&mut fastrand::Rng::with_seed(seed), LIFE);
        LIFE as u64
    });
}

/// Counts how often it is woken.
#[derive(Default)]
struct Woken(AtomicU64);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// A wait as one would write it down: until when, and which of the wakers waits.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Plain {
    Idle,
    Set { at: Instant, waker: usize },
    Over,
}

/// Waits that are set, polled by other tasks, given up and dropped, while the wheel is turned.
fn waits(random: &mut fastrand::Rng, steps: usize) {
    let timer: &'static Timer = Box::leak(Box::new(Timer::new(1, Alarm::by_hand(), || Instant::ZERO)));
    let tasks: [Arc<Woken>; 3] = Default::default();
    let mut holds: [Hold; 6] = std::array::from_fn(|_| Hold::of(timer));
    let mut model = [Plain::Idle; 6];
    let mut now = Instant::from_nanos(random.u64(..1 << 40));
    let mut due = Vec::new();
    for _ in 0..steps {
        let which = random.usize(..holds.len());
        match random.u8(..8) {
            0..4 => {
                let waker = random.usize(..3);
                let at = match model[which] {
                    Plain::Set { at, .. } => at,
                    _ => Instant::from_nanos(now.as_nanos() + (random.u64(..1 << 40) >> random.u32(..40))),
                };
                let polled = holds[which].poll(at, &Waker::from(Arc::clone(&tasks[waker])));
                let expected = if model[which] == Plain::Over { Poll::Ready(()) } else { Poll::Pending };
                assert_eq!(polled, Ok(expected), "{model:?}");
                if model[which] != Plain::Over {
                    model[which] = Plain::Set { at, waker };
                }
            }
            4..6 => {
                holds[which].cancel();
                model[which] = Plain::Idle;
            }
            6 if random.u8(..4) == 0 => {
                holds[which] = Hold::of(timer);
                model[which] = Plain::Idle;
            }
            _ => {
                // As the thread does: not before what is planned, and then perhaps late.
                let (_, planned) = timer.state();
                if planned == NEVER {
                    continue;
                }
                let late = random.u64(..1 << 36) >> random.u32(..36);
                now = now.max(Instant::from_nanos(tick::start(planned).as_nanos() + late));
                let before = tasks.each_ref().map(|task| task.0.load(SeqCst));
                let next = timer.look(tick::of(now), &mut due);
                timer.plan(next);
                let mut expected = before;
                for wait in &mut model {
                    let Plain::Set { at, waker } = *wait else { continue };
                    if tick::start(tick::not_before(at)) <= now {
                        expected[waker] += 1;
                        *wait = Plain::Over;
                    } else {
                        assert!(tick::start(timer.state().1) <= tick::start(tick::not_before(at)), "{at:?}");
                    }
                }
                assert_eq!(tasks.each_ref().map(|task| task.0.load(SeqCst)), expected, "{model:?}");
            }
        }
        for (number, task) in tasks.iter().enumerate() {
            let waiting = |wait: &&Plain| matches!(wait, Plain::Set { waker, .. } if *waker == number);
            let waiting = 1 + model.iter().filter(waiting).count();
            // A wait that was given up may have kept its waker for the next one.
            let idle = model.iter().filter(|wait| **wait == Plain::Idle).count();
            assert!((waiting..=waiting + idle).contains(&Arc::strong_count(task)), "{model:?}");
        }
    }
    // What is given up is found when the wheel comes by, and then there is nothing left to do.
    holds.iter_mut().for_each(Hold::cancel);
    for _ in 0..100 {
        let (_, planned) = timer.state();
        if planned != NEVER {
            timer.plan(timer.look(planned, &mut due));
        }
    }
    assert_eq!(timer.state(), (0, NEVER));
    assert!(tasks.iter().all(|task| Arc::strong_count(task) == 1));
    // Dropped, they are found at once.
    let polled = |hold: &mut Hold| hold.poll(Instant::NEVER, Waker::noop());
    assert!(holds.iter_mut().all(|hold| polled(hold) == Ok(Poll::Pending)));
    assert_eq!(timer.state().0, holds.len());
    drop(holds);
    assert_eq!(timer.state().0, 0);
}

#[test]
fn waits_end_when_their_model_says_and_the_wheel_leaves_no_waker_behind() {
    const LIFE: usize = 150;
    histories::run(200_000, |seed| {
        waits(&mut fastrand::Rng::with_seed(seed), LIFE);
        LIFE as u64
    });
}
