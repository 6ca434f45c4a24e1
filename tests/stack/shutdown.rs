//! A runtime that ends in the middle of its calls, some of which run and some of which wait, gives everything back; and
//! what is shared works on in the next.

use std::{future::pending, thread};

use mainstay::{bulkhead, circuit_breaker, fallback, rate_limit, retry, timeout};
use mainstay_testkit::Probe;

use crate::{ends::*, support::*};

/// Hangs for those who have a probe.
#[fallback(async |_| { tokio::task::yield_now().await; Ok(0) })]
#[retry]
#[circuit_breaker("shutdown", failure_threshold = 1, success_threshold = 8, timeout = "1ms")]
#[rate_limit("shutdown", "1/h", burst = 5, max_wait = "1000h")]
#[bulkhead("shutdown", 2, max_queue = 100)]
#[timeout("1000h")]
async fn all_six(probe: Option<Probe>) -> Answer {
    match &probe {
        Some(probe) => probe.watch(pending()).await,
        None => Ok(7),
    }
}

#[test]
fn calls_that_run_and_wait_give_everything_back() {
    for runtime in runtimes() {
        for end in ENDS {
            let (runtime, probe) = (runtime(), Probe::new());
            let (breaker, limiter, bulkhead) =
                (breaker("shutdown"), limiter("shutdown"), bulkhead("shutdown"));
            limiter.reset();
            breaker.reset();
            breaker.admit().unwrap().failure();
            // The first who is let in again is a probe, and so are the eight.
            until(|| breaker.admit().is_ok());
            let admitted = (limiter.admitted_count(), bulkhead.admitted_count());
            (0..8).for_each(|_| drop(runtime.spawn(all_six(Some(probe.clone())))));
            run_until(&runtime, || (probe.inside(), bulkhead.waiting(), limiter.waiting()) == (2, 3, 3));
            assert!(breaker.admit().is_err(), "all places for probes are taken");

            end(runtime);
            until(|| (probe.inside(), bulkhead.in_flight()) == (0, 0));
            until(|| (bulkhead.waiting(), limiter.waiting()) == (0, 0));
            until(|| breaker.ignored_count() == 1 + 8);
            let probes: Vec<_> = (0..8).map(|_| breaker.admit().unwrap()).collect();
            drop(probes);
            let taken = (limiter.admitted_count() - admitted.0, bulkhead.admitted_count() - admitted.1);
            // One worker may still run a call that waited while another has begun to drop those inside.
            assert_eq!(taken, (5, probe.entered()), "those who only waited took nothing");
            works_again();
        }
    }
}

fn works_again() {
    limiter("shutdown").reset();
    let runtime = runtimes()[2]();
    let calls: Vec<_> = (0..4).map(|_| runtime.spawn(all_six(None))).collect();
    for call in calls {
        assert_eq!(runtime.block_on(call).unwrap(), Ok(7));
    }
    assert_eq!((bulkhead("shutdown").in_flight(), bulkhead("shutdown").waiting()), (0, 0));
}

#[bulkhead("shutdown.place", 1, max_queue = 9)]
async fn placed(probe: Option<Probe>) -> Answer {
    match &probe {
        Some(probe) => probe.watch(pending()).await,
        None => Ok(7),
    }
}

#[bulkhead("shutdown.place", 1, max_queue = 9)]
fn placed_sync() -> Answer {
    Ok(8)
}

#[test]
fn a_place_goes_from_a_runtime_that_ends_to_those_who_wait_in_another_and_on_a_thread() {
    for ending in runtimes() {
        for end in ENDS {
            let (ending, lasting, probe) = (ending(), runtimes()[2](), Probe::new());
            let bulkhead = bulkhead("shutdown.place");
            drop(ending.spawn(placed(Some(probe.clone()))));
            run_until(&ending, || probe.inside() == 1);
            // The next in the queue ends as well, without ever having been inside.
            drop(ending.spawn(placed(Some(probe.clone()))));
            run_until(&ending, || bulkhead.waiting() == 1);
            let in_another = lasting.spawn(placed(None));
            until(|| bulkhead.waiting() == 2);
            let on_a_thread = thread::spawn(placed_sync);
            until(|| bulkhead.waiting() == 3);

            end(ending);
            assert_eq!(lasting.block_on(in_another).unwrap(), Ok(7));
            assert_eq!(on_a_thread.join().unwrap(), Ok(8));
            until(|| (bulkhead.in_flight(), bulkhead.waiting(), probe.inside()) == (0, 0, 0));
        }
    }
}
