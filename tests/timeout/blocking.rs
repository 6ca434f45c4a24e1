use std::{
    sync::{
        Arc, Barrier,
        mpsc::{Receiver, channel},
    },
    thread::{self, ThreadId},
    time::Duration,
};

use mainstay::{clock, fallback, retry, timeout};
use mainstay_testkit::{ManualClock, Probe};

use crate::support::*;

#[timeout("blocking.quick", "2s", blocking = thread)]
fn quick(name: String, count: usize) -> Answer<(String, ThreadId)> {
    Ok((name.repeat(count), thread::current().id()))
}

#[timeout("blocking.stuck", "2s", blocking = thread)]
fn stuck(release: Receiver<()>, probe: Probe) -> Answer {
    let inside = probe.enter();
    let _ = release.recv();
    inside.finish();
    Ok(7)
}

#[timeout("blocking.limit", limit, blocking = thread)]
fn limited_by(limit: Duration, caller: ThreadId) -> Answer<bool> {
    Ok(thread::current().id() == caller)
}

/// Moves the clock once somebody waits on it.
fn advance_when_awaited(clock: &ManualClock, by: Duration) -> thread::JoinHandle<()> {
    let clock = clock.clone();
    thread::spawn(move || {
        while clock.sleepers() == 0 {
            thread::yield_now();
        }
        clock.advance(by);
    })
}

#[test]
fn the_body_runs_on_a_thread_of_its_own_and_owns_its_arguments() {
    let _still = ManualClock::new().install();
    let (text, thread) = quick("ab".into(), 2).unwrap();
    assert_eq!(text, "abab");
    assert_ne!(thread, thread::current().id());
}

#[test]
fn a_body_that_is_late_is_left_behind_and_goes_on_alone() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let (probe, (release, held)) = (Probe::new(), channel());
    let advancing = advance_when_awaited(&clock, secs(2));
    assert_eq!(stuck(held, probe.clone()), timed_out("blocking.stuck", secs(2)));
    advancing.join().unwrap();
    release.send(()).unwrap();
    while probe.left() < probe.entered().max(1) {
        thread::yield_now();
    }
    assert_eq!((probe.finished(), probe.dropped()), (1, 0));
}

#[test]
fn an_expression_that_gives_zero_needs_no_thread() {
    assert_eq!(limited_by(secs(0), thread::current().id()), Ok(true));
    assert_eq!(limited_by(secs(600), thread::current().id()), Ok(false));
}

#[timeout("blocking.clock", "5s", blocking = thread)]
fn sleeps(time: Duration) -> Answer<Duration> {
    let start = clock::now();
    clock::sleep_blocking(time);
    Ok(clock::now().saturating_since(start))
}

#[test]
fn the_thread_follows_the_clock_of_its_caller() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    assert_eq!(sleeps(secs(3)), Ok(secs(3)));
}

#[retry(max_attempts = 3, clone(gate, release))]
#[timeout("blocking.attempt", "2s", blocking = thread)]
fn attempt(gate: Arc<Barrier>, release: Arc<std::sync::Mutex<Receiver<bool>>>) -> Answer {
    gate.wait();
    match release.lock().unwrap().recv() {
        Ok(true) => Ok(7),
        _ => Err(Failure::Reset),
    }
}

#[test]
fn below_a_retry_each_attempt_has_a_thread() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let (gate, (answers, answered)) = (Arc::new(Barrier::new(2)), channel());
    let telling = thread::spawn({
        let gate = Arc::clone(&gate);
        move || {
            for answer in [false, false, true] {
                gate.wait();
                answers.send(answer).unwrap();
            }
        }
    });
    assert_eq!(attempt(gate, Arc::new(answered.into())), Ok(7));
    telling.join().unwrap();
}

#[fallback(|_| Ok(1))]
#[timeout("blocking.fallback", "2s", blocking = thread)]
fn with_fallback(release: Receiver<()>) -> Answer {
    let _ = release.recv();
    Ok(7)
}

#[test]
fn a_fallback_above_answers_on_the_callers_thread_in_its_place() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let (release, held) = channel();
    let advancing = advance_when_awaited(&clock, secs(2));
    assert_eq!(with_fallback(held), Ok(1));
    advancing.join().unwrap();
    drop(release);
}
