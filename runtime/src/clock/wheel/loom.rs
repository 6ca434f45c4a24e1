//! A wait and the wheel that comes by, in every order in which they can meet. Run by `.ci/loom`.

use std::{
    sync::{Arc, atomic},
    task::{Poll, Wake, Waker},
};

use loom::thread;

use super::{
    alarm::Alarm,
    hold::Hold,
    tick::{self, NEVER},
    timer::Timer,
};
use crate::clock::Instant;

fn timer() -> &'static Timer {
    let timer = Box::leak(Box::new(Timer::new(1, Alarm::by_hand(), || Instant::ZERO)));
    // Made at the first use, loom's words would be made by threads that know nothing of each other.
    assert_eq!(timer.state(), (0, NEVER));
    timer
}

/// A wait in the wheel until `at` that is given up: all its words have been used.
fn hold(timer: &'static Timer, at: Instant) -> Hold {
    hold_of(timer, at, Waker::noop())
}

/// The same of a task, whose waker stays for the next wait.
fn hold_of(timer: &'static Timer, at: Instant, waker: &Waker) -> Hold {
    let mut hold = Hold::of(timer);
    for _ in 0..2 {
        assert_eq!(hold.poll(at, waker), Ok(Poll::Pending));
    }
    hold.cancel();
    hold
}

/// Says whether it was woken. What loom is to see of the threads is in the timer's words, not in this one.
#[derive(Default)]
struct Task(atomic::AtomicU32);

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, atomic::Ordering::SeqCst);
    }
}

impl Task {
    fn new() -> (Arc<Self>, Waker) {
        let task = Arc::new(Self::default());
        (Arc::clone(&task), Waker::from(Arc::clone(&task)))
    }

    fn woken(&self) -> u32 {
        self.0.load(atomic::Ordering::SeqCst)
    }
}

fn at(tick: u64) -> Instant {
    tick::start(tick)
}

/// Turns the wheels as the thread does: when it is planned, until nothing is.
fn turn_to_the_end(timer: &Timer) {
    while timer.state().1 != NEVER {
        timer.plan(timer.look(timer.state().1, &mut Vec::new()));
    }
}

/// One round of the thread.
fn round(timer: &'static Timer, now: u64) -> thread::JoinHandle<()> {
    thread::spawn(move || timer.plan(timer.look(now, &mut Vec::new())))
}

#[test]
fn a_wait_that_is_set_while_the_wheel_comes_by_is_woken() {
    loom::model(|| {
        let timer = timer();
        let mut hold = hold(timer, at(5));
        let (task, waker) = Task::new();
        let turning = round(timer, 5);
        assert_eq!(hold.poll(at(7), &waker), Ok(Poll::Pending));
        turning.join().unwrap();
        assert_eq!(task.woken(), 0);
        assert!(timer.state().1 <= 7);
        turn_to_the_end(timer);
        assert_eq!((task.woken(), timer.state().0), (1, 0));
        assert_eq!(hold.poll(at(7), &waker), Ok(Poll::Ready(())));
    });
}

#[test]
fn a_wait_that_its_task_sets_again_while_the_wheel_comes_by_is_woken() {
    // Later than the wheel comes by, and sooner than it would come again.
    for was_set in [false, true] {
        loom::model(move || {
            let timer = timer();
            let (task, waker) = Task::new();
            let mut hold = hold_of(timer, at(5), &waker);
            if was_set {
                assert_eq!(hold.poll(at(9), &waker), Ok(Poll::Pending));
            }
            let turning = round(timer, 5);
            hold.cancel();
            assert_eq!(hold.poll(at(7), &waker), Ok(Poll::Pending));
            turning.join().unwrap();
            assert_eq!(task.woken(), 0);
            assert!(timer.state().1 <= 7);
            turn_to_the_end(timer);
            assert_eq!((task.woken(), timer.state().0), (1, 0));
            assert_eq!(hold.poll(at(7), &waker), Ok(Poll::Ready(())));
        });
    }
}

#[test]
fn a_wait_that_is_set_again_while_the_one_before_is_woken_ends_in_its_own_time() {
    loom::model(|| {
        let timer = timer();
        let (task, waker) = Task::new();
        let mut hold = hold_of(timer, at(5), &waker);
        assert_eq!(hold.poll(at(5), &waker), Ok(Poll::Pending));
        let turning = round(timer, 5);
        hold.cancel();
        assert_eq!(hold.poll(at(7), &waker), Ok(Poll::Pending));
        turning.join().unwrap();
        let before = task.woken();
        assert_eq!(hold.poll(at(7), &waker), Ok(Poll::Pending));
        turn_to_the_end(timer);
        assert_eq!((task.woken(), timer.state().0), (before + 1, 0));
        assert_eq!(hold.poll(at(7), &waker), Ok(Poll::Ready(())));
    });
}

#[test]
fn a_nearer_wait_is_planned_for_while_the_wheel_comes_by() {
    loom::model(|| {
        let timer = timer();
        let mut far = hold(timer, at(5000));
        let (task, waker) = Task::new();
        let turning = round(timer, 4);
        assert_eq!(far.poll(at(9), &waker), Ok(Poll::Pending));
        turning.join().unwrap();
        assert!(timer.state().1 <= 9);
        turn_to_the_end(timer);
        assert_eq!(task.woken(), 1);
    });
}

#[test]
fn a_wait_that_is_given_up_while_the_wheel_comes_by_leaves_no_waker() {
    // In time, at the last moment, and too late.
    for due in [9, 5] {
        loom::model(move || {
            let timer = timer();
            let mut hold = hold(timer, at(5));
            let (task, waker) = Task::new();
            assert_eq!(hold.poll(at(due), &waker), Ok(Poll::Pending));
            let turning = round(timer, 5);
            hold.cancel();
            turning.join().unwrap();
            // The place is as good as new.
            let (again, other) = Task::new();
            assert_eq!(hold.poll(at(20), &other), Ok(Poll::Pending));
            // The one here, and that of `waker`.
            assert_eq!(Arc::strong_count(&task), 2);
            turn_to_the_end(timer);
            assert_eq!((again.woken(), timer.state().0), (1, 0));
            assert_eq!(Arc::strong_count(&again), 2);
        });
    }
}

#[test]
fn a_place_that_is_dropped_while_the_wheel_comes_by_is_in_it_no_more() {
    for due in [9, 5] {
        loom::model(move || {
            let timer = timer();
            let mut hold = hold(timer, at(5));
            let (task, waker) = Task::new();
            assert_eq!(hold.poll(at(due), &waker), Ok(Poll::Pending));
            drop(waker);
            let turning = round(timer, 5);
            drop(hold);
            turning.join().unwrap();
            assert_eq!((Arc::strong_count(&task), timer.state().0), (1, 0));
        });
    }
}

#[test]
fn another_task_that_polls_while_the_wheel_comes_by_is_woken_or_told() {
    for due in [9, 5] {
        loom::model(move || {
            let timer = timer();
            let mut hold = hold(timer, at(5));
            let ((_, waker), (second, other)) = (Task::new(), Task::new());
            assert_eq!(hold.poll(at(due), &waker), Ok(Poll::Pending));
            let turning = round(timer, 5);
            let polled = hold.poll(at(due), &other);
            turning.join().unwrap();
            turn_to_the_end(timer);
            match polled {
                Ok(Poll::Pending) => assert_eq!(second.woken(), 1),
                polled => assert_eq!(polled, Ok(Poll::Ready(()))),
            }
            assert_eq!(hold.poll(at(due), &other), Ok(Poll::Ready(())));
        });
    }
}

#[test]
fn two_threads_that_set_the_first_waits_are_both_planned_for() {
    loom::model(|| {
        let timer = timer();
        let mut holds = [9, 7].map(|due| hold(timer, at(due)));
        turn_to_the_end(timer);
        let [mut first, second] = std::mem::replace(&mut holds, [9, 7].map(|_| Hold::of(timer)));
        drop(holds);
        let (task, waker) = Task::new();
        let setting = thread::spawn({
            let waker = waker.clone();
            let mut second = second;
            move || {
                assert_eq!(second.poll(at(17), &waker), Ok(Poll::Pending));
                second
            }
        });
        assert_eq!(first.poll(at(19), &waker), Ok(Poll::Pending));
        let _second = setting.join().unwrap();
        assert!(timer.state().1 <= 17);
        turn_to_the_end(timer);
        assert_eq!(task.woken(), 2);
    });
}
