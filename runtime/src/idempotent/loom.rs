//! Those who wait and the one they wait for, in every order in which threads can meet. Run by `.ci/loom`.
//!
//! A waiter who is not woken is a deadlock to loom, which fails the model.

use std::{sync::Arc, time::Duration};

use loom::{future::block_on, thread};

use super::{
    records::{Found, Place, Records, Wanted},
    waiting::Waiting,
};
use crate::clock::Instant;

const NOW: Instant = Instant::START;

fn claim(records: &Records<u32>, key: &str) -> Found<u32> {
    let (lease, ttl) = (Duration::MAX, Duration::ZERO);
    let wanted = Wanted { key, fingerprint: None, lease, ttl, may_evict: false };
    records.claim(records.hash(key), &wanted, NOW, |value| *value)
}

fn claimed(records: &Records<u32>, key: &str) -> Place {
    match claim(records, key) {
        Found::Claimed { place, .. } => place,
        found => panic!("{found:?}"),
    }
}

/// What a call does: waits for whoever runs, and runs if there is no answer. Whether it ran, and the answer.
fn call(records: &Records<u32>, value: u32) -> (bool, u32) {
    loop {
        match claim(records, "key") {
            Found::Claimed { place, .. } => {
                assert!(records.complete(place, value, Instant::NEVER));
                return (true, value);
            }
            Found::Completed(value) => return (false, value),
            Found::InFlight { place, .. } => block_on(Waiting::new(records, place, Instant::NEVER)),
            found => panic!("{found:?}"),
        }
    }
}

#[test]
fn one_who_comes_to_wait_as_the_call_completes_is_woken() {
    loom::model(|| {
        let records = Arc::new(Records::new(4));
        let place = claimed(&records, "key");
        let waits = thread::spawn({
            let records = Arc::clone(&records);
            move || call(&records, 2)
        });
        assert!(records.complete(place, 1, Instant::NEVER));
        assert_eq!(waits.join().unwrap(), (false, 1));
    });
}

#[test]
fn of_those_who_wait_for_a_call_that_fails_one_runs_and_the_other_is_woken_by_it() {
    loom::model(|| {
        let records = Arc::new(Records::new(4));
        let place = claimed(&records, "key");
        let others = [2, 3].map(|value| {
            let records = Arc::clone(&records);
            thread::spawn(move || call(&records, value))
        });
        assert!(records.release(place));
        let [(first_ran, first), (second_ran, second)] = others.map(|other| other.join().unwrap());
        assert!(first_ran != second_ran && first == second);
    });
}

#[test]
fn one_who_stops_waiting_as_the_call_completes_leaves_no_waker_behind() {
    loom::model(|| {
        let records = Arc::new(Records::new(4));
        let place = claimed(&records, "key");
        let leaves = thread::spawn({
            let records = Arc::clone(&records);
            move || {
                let mut waiting = Box::pin(Waiting::new(&records, place, Instant::NEVER));
                let waker = std::task::Waker::noop();
                let _ = waiting.as_mut().poll(&mut std::task::Context::from_waker(waker));
            }
        });
        let waits = thread::spawn({
            let records = Arc::clone(&records);
            move || call(&records, 2)
        });
        assert!(records.complete(place, 1, Instant::NEVER));
        leaves.join().unwrap();
        assert_eq!(waits.join().unwrap(), (false, 1));
    });
}

#[test]
fn two_who_come_for_the_last_room_do_not_both_get_it() {
    fn claim_in(records: &Records<u32>, part: u64) -> Found<u32> {
        let (lease, ttl) = (Duration::MAX, Duration::ZERO);
        let wanted = Wanted { key: "key", fingerprint: None, lease, ttl, may_evict: false };
        records.claim(part << 32, &wanted, NOW, |value| *value)
    }
    loom::model(|| {
        let records = Arc::new(Records::in_parts(1, 2));
        // Made at the first use, loom's atomics would be made by threads that know nothing of each other.
        for part in [0, 1] {
            let Found::Claimed { place, .. } = claim_in(&records, part) else { panic!("there is room") };
            assert!(records.release(place));
        }
        let other = thread::spawn({
            let records = Arc::clone(&records);
            move || matches!(claim_in(&records, 0), Found::Claimed { .. })
        });
        let got = matches!(claim_in(&records, 1), Found::Claimed { .. });
        // For a moment both may be counted, and both be refused.
        let other_got = other.join().unwrap();
        assert!(!(got && other_got), "two in the room of one");
        assert_eq!(records.len(), u64::from(got) + u64::from(other_got));
    });
}
