use std::{
    sync::atomic::{AtomicU32, AtomicU64, Ordering},
    thread,
    time::Duration,
};

use super::*;
use crate::{bulkhead::Entry, clock::ManualClock};

const SECOND: Duration = Duration::from_secs(1);

fn until(condition: impl Fn() -> bool) {
    while !condition() {
        thread::yield_now();
    }
}

/// BH-02 differs on purpose: here a sync caller queues like an async one.
#[test]
fn a_sync_caller_waits_for_a_place() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(1));
    let inside = bulkhead.enter().unwrap();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| bulkhead.call(|| Ok::<_, Error>(bulkhead.in_flight())));
        until(|| bulkhead.waiting() == 1);
        drop(inside);
        assert_eq!(waiting.join().unwrap(), Ok(1));
    });
    assert_eq!(bulkhead.in_flight(), 0);
}

#[test]
fn a_sync_wait_ends_with_the_manual_clock() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_wait(SECOND));
    let _inside = bulkhead.enter().unwrap();
    let clock = ManualClock::new();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let _installed = clock.install();
            bulkhead.enter().map(|_| ())
        });
        until(|| clock.sleepers() == 1);
        clock.advance(SECOND - Duration::from_nanos(1));
        assert_eq!(bulkhead.waiting(), 1);
        clock.advance(Duration::from_nanos(1));
        assert_eq!(waiting.join().unwrap(), Err(Error::bulkhead_full("test", 1)));
    });
    assert_eq!((bulkhead.waiting(), bulkhead.rejected_count()), (0, 1));
}

#[test]
fn a_sync_wait_ends_at_the_callers_deadline() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_wait(SECOND * 2));
    let _inside = bulkhead.enter().unwrap();
    let clock = ManualClock::new();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let _installed = clock.install();
            matches!(bulkhead.enter_until(Some(clock.now() + SECOND)), Entry::Elapsed)
        });
        until(|| clock.sleepers() == 1);
        clock.advance(SECOND);
        assert!(waiting.join().unwrap());
    });
    assert_eq!((bulkhead.waiting(), bulkhead.rejected_count()), (0, 0));
}

#[test]
fn sync_callers_enter_in_the_order_in_which_they_came() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(4));
    let inside = bulkhead.enter().unwrap();
    let order = std::sync::Mutex::new(Vec::new());
    thread::scope(|scope| {
        for id in 0..4 {
            let (bulkhead, order) = (&bulkhead, &order);
            scope.spawn(move || {
                let _permit = bulkhead.enter().unwrap();
                order.lock().unwrap().push(id);
            });
            until(|| bulkhead.waiting() == id + 1);
        }
        drop(inside);
    });
    assert_eq!(order.into_inner().unwrap(), [0, 1, 2, 3]);
}

/// Takes, waits, gives up and changes the limit from many threads; nobody ever sees more inside than the limit that was
/// the highest, and at the end nothing is left over.
#[test]
fn no_hammering_gets_past_the_limit_or_loses_a_place() {
    const HIGHEST: u32 = 3;
    let bulkhead = bulkhead(BulkheadConfig::new(HIGHEST).max_queue(8));
    let (inside, entered) = (AtomicU32::new(0), AtomicU64::new(0));
    let work = |permit: BulkheadPermit<'_>| {
        assert!(inside.fetch_add(1, Ordering::SeqCst) < HIGHEST);
        entered.fetch_add(1, Ordering::Relaxed);
        thread::yield_now();
        inside.fetch_sub(1, Ordering::SeqCst);
        drop(permit);
    };
    thread::scope(|scope| {
        for id in 0..6_u32 {
            let (bulkhead, work) = (&bulkhead, &work);
            scope.spawn(move || {
                for round in 0..2000_u32 {
                    match (round + id) % 4 {
                        0 => drop(bulkhead.try_enter().map(work)),
                        1 | 2 => drop(bulkhead.enter().map(work)),
                        _ => {
                            let mut waiting: Waiting<'_> = Box::pin(bulkhead.enter_async());
                            for _ in 0..round % 3 {
                                if let Poll::Ready(permit) = poll(&mut waiting) {
                                    drop(permit.map(work));
                                    break;
                                }
                                thread::yield_now();
                            }
                        }
                    }
                    if round % 64 == 0 {
                        bulkhead.set_limit(1 + round / 64 % HIGHEST).unwrap();
                    }
                }
            });
        }
    });
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting()), (0, 0));
    assert_eq!(bulkhead.admitted_count(), entered.load(Ordering::Relaxed));
    bulkhead.reset();
    assert_eq!(bulkhead.available(), HIGHEST);
}

/// BH-05.
#[test]
fn under_pressure_the_limit_holds_and_the_rest_is_refused() {
    let bulkhead = bulkhead(BulkheadConfig::new(5));
    let (inside, served) = (AtomicU32::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    let answer = bulkhead.call(|| {
                        assert!(inside.fetch_add(1, Ordering::SeqCst) < 5);
                        thread::yield_now();
                        inside.fetch_sub(1, Ordering::SeqCst);
                        Ok::<_, Error>(())
                    });
                    served.fetch_add(u64::from(answer.is_ok()), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(bulkhead.admitted_count(), served.load(Ordering::Relaxed));
    assert_eq!(bulkhead.admitted_count() + bulkhead.rejected_count(), 10_000);
    assert!(bulkhead.admitted_count() >= 5);
}
