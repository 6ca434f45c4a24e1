//! Options that are changed from outside while the bulkhead runs.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

use super::*;
use crate::{Kind, clock::ManualClock};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_lowered_limit_disturbs_nobody_inside_and_a_raised_one_lets_the_waiters_in() {
    let config = BulkheadConfig::new(3).max_queue(5);
    let bulkhead = bulkhead(config);
    let inside: Vec<_> = (0..3).map(|_| bulkhead.try_enter().unwrap()).collect();
    steer(&bulkhead, BulkheadConfig::new(1).max_queue(5), true);
    assert_eq!((bulkhead.limit(), bulkhead.in_flight(), bulkhead.available()), (1, 3, 0));
    let mut first = queued(&bulkhead);
    let mut second = queued(&bulkhead);
    drop(inside);
    let first = entered(&mut first);
    assert!(poll(&mut second).is_pending());
    steer(&bulkhead, BulkheadConfig::new(2).max_queue(5), true);
    let second = entered(&mut second);
    assert_eq!(bulkhead.in_flight(), 2);
    drop((first, second));
    assert_eq!(bulkhead.in_flight(), 0);
}

#[test]
fn a_queue_can_be_given_and_taken_away() {
    let bulkhead = bulkhead(BulkheadConfig::new(1));
    let inside = bulkhead.try_enter().unwrap();
    assert!(bulkhead.enter().is_err());
    steer(&bulkhead, BulkheadConfig::new(1).max_queue(1), true);
    let mut waiting = queued(&bulkhead);
    steer(&bulkhead, BulkheadConfig::new(1), true);
    // Who waits waits on; nobody else may.
    assert_eq!((bulkhead.enter().unwrap_err().kind(), bulkhead.waiting()), (Kind::BulkheadFull, 1));
    drop(inside);
    drop(entered(&mut waiting));
}

#[test]
fn a_wait_under_way_keeps_the_end_it_began_with() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_wait(SECOND));
    let _inside = bulkhead.try_enter().unwrap();
    let mut old = queued(&bulkhead);
    steer(&bulkhead, BulkheadConfig::new(1).max_wait(10 * SECOND).max_queue(9), true);
    let mut new = queued(&bulkhead);
    clock.advance(SECOND);
    assert!(matches!(poll(&mut old), Poll::Ready(Err(_))));
    clock.advance(8 * SECOND);
    assert!(poll(&mut new).is_pending());
    clock.advance(SECOND);
    assert!(matches!(poll(&mut new), Poll::Ready(Err(_))));
}

#[test]
fn switched_off_it_lets_all_in_and_on_again_those_inside_have_their_places() {
    let config = BulkheadConfig::new(1).max_queue(4);
    let bulkhead = bulkhead(config);
    let first = bulkhead.try_enter().unwrap();
    let mut waiting = queued(&bulkhead);
    steer(&bulkhead, config, false);
    let second = entered(&mut waiting);
    let more: Vec<_> = (0..10).map(|_| bulkhead.try_enter().unwrap()).collect();
    assert_eq!((bulkhead.in_flight(), bulkhead.limit(), bulkhead.rejected_count()), (12, 1, 0));
    steer(&bulkhead, config, true);
    assert!(bulkhead.try_enter().is_err());
    drop((first, more));
    assert!(bulkhead.try_enter().is_err(), "one is still inside");
    drop(second);
    assert_eq!(bulkhead.in_flight(), 0);
    drop(bulkhead.try_enter().unwrap());
}

#[test]
fn a_limit_set_by_hand_holds_until_the_option_says_something_else() {
    let config = BulkheadConfig::new(2);
    let bulkhead = bulkhead(config);
    bulkhead.set_limit(7).unwrap();
    steer(&bulkhead, config.max_wait(SECOND), true);
    assert_eq!(bulkhead.limit(), 7);
    steer(&bulkhead, config, false);
    bulkhead.set_limit(8).unwrap();
    steer(&bulkhead, config, true);
    assert_eq!(bulkhead.limit(), 8);
    steer(&bulkhead, BulkheadConfig::new(3), true);
    assert_eq!(bulkhead.limit(), 3);
    bulkhead.set_limit(9).unwrap();
    bulkhead.reset();
    assert_eq!(bulkhead.limit(), 3);
}

#[test]
fn what_makes_no_sense_together_is_told_by_the_option() {
    let check =
        |config: &BulkheadConfig| Bulkhead::check_config(config).map_err(|error| error.option().to_owned());
    assert_eq!(check(&BulkheadConfig::new(0)), Err("limit".to_owned()));
    assert_eq!(check(&BulkheadConfig::new(1).max_wait(SECOND).max_queue(0)), Err("max_queue".to_owned()));
    let read = |name: &str, text: &str| {
        let option = Bulkhead::OPTIONS.iter().find(|option| option.name() == name).unwrap();
        option.read(BulkheadConfig::new(1), text).map(|config| config.to_string())
    };
    assert_eq!(read("limit", "12"), Ok("limit 12".to_owned()));
    assert_eq!(read("max_wait", "2s"), Ok("limit 1, max_wait 2s".to_owned()));
    assert_eq!(read("max_queue", "none"), Ok("limit 1".to_owned()));
}

/// Four threads enter and leave while another one changes the limit and switches all the time. Never are more inside than
/// the highest limit since the last time it was off, and in the end every place is free.
#[test]
fn no_place_is_lost_or_won_while_options_change() {
    let bulkhead = bulkhead(BulkheadConfig::new(2).max_queue(8));
    let (entered, done) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    for _ in 0..20_000 {
                        if let Ok(_permit) = bulkhead.enter() {
                            entered.fetch_add(1, Ordering::Relaxed);
                            std::thread::yield_now();
                        }
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            let mut random = fastrand::Rng::with_seed(7);
            while !done.load(Ordering::Relaxed) {
                let config = BulkheadConfig::new(random.u32(1..4)).max_queue(random.u32(0..8));
                steer(&bulkhead, config, random.u8(0..4) > 0);
            }
            steer(&bulkhead, BulkheadConfig::new(2), true);
        });
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting()), (0, 0));
    assert_eq!(bulkhead.admitted_count(), entered.load(Ordering::Relaxed));
    assert_eq!(bulkhead.admitted_count() + bulkhead.rejected_count(), 4 * 20_000);
    let inside: Vec<_> = (0..2).map(|_| bulkhead.try_enter().unwrap()).collect();
    assert!(bulkhead.try_enter().is_err());
    drop(inside);
}
