//! Each policy alone that has something to give back, ended in every way at every point.

use std::sync::{Arc, Mutex};

use mainstay::{
    bulkhead, bulkhead::BulkheadPermit, circuit_breaker, clock, clock::Instant, fallback, rate_limit,
};
use mainstay_testkit::Probe;

use crate::{ends::in_every_way, support::*};

async fn body(probe: &Probe) -> Answer {
    probe
        .watch(async {
            clock::sleep(ms(200)).await;
            tokio::task::yield_now().await;
            clock::sleep(ms(200)).await;
            Ok(7)
        })
        .await
}

#[circuit_breaker("alone.probe", failure_threshold = 1, success_threshold = 1, timeout = "1s")]
async fn probing(probe: &Probe) -> Answer {
    body(probe).await
}

#[test]
fn a_probe_of_a_half_open_breaker_gives_its_place_back() {
    let (probe, breaker) = (Probe::new(), breaker("alone.probe"));
    let call = || {
        breaker.reset();
        breaker.admit().unwrap().failure();
        let probe = probe.clone();
        async move {
            clock::sleep(secs(1)).await;
            assert_eq!(probing(&probe).await, Ok(7));
        }
    };
    let check = |steps| {
        assert_eq!(probe.inside(), 0);
        let counts = breaker.counts();
        let settled = counts.success_count + counts.ignored_count + counts.failure_count;
        match counts.state.to_string().as_str() {
            "half_open" => drop(breaker.admit().unwrap()),
            // By a panic, which is a failure.
            "open" => assert!(settled == 1 || counts.failure_count == 2, "after {steps}: {counts:?}"),
            state => assert_eq!((state, steps), ("closed", usize::MAX)),
        }
    };
    in_every_way(ms(100), 4, call, check);
}

#[rate_limit("alone.waits", "1/s", burst = 1000, initial = 0, max_wait = "1h", tokens = 2)]
async fn limited(probe: &Probe) -> Answer {
    body(probe).await
}

#[test]
fn one_who_waits_for_tokens_takes_none() {
    let (probe, limiter) = (Probe::new(), limiter("alone.waits"));
    let start: Mutex<Option<(Instant, u64)>> = Mutex::new(None);
    let call = || {
        limiter.reset();
        assert!(limiter.try_acquire(1.0).is_err(), "it counts from the first request on");
        *start.lock().unwrap() = Some((clock::now(), limiter.admitted_count()));
        let probe = probe.clone();
        async move { tokio::join!(limited(&probe), limited(&probe)) }
    };
    let check = |steps| {
        assert_eq!((probe.inside(), limiter.waiting()), (0, 0), "after {steps}");
        // After a runtime the clock is gone in which the tokens came.
        if tokio::runtime::Handle::try_current().is_ok() {
            let (start, admitted) = start.lock().unwrap().unwrap();
            let came = clock::now().saturating_since(start).as_secs_f64();
            let taken = (limiter.admitted_count() - admitted) as f64 * 2.0;
            let left = limiter.available_tokens();
            assert!(
                (came - taken - left).abs() < 1e-3,
                "after {steps}: {came} came, {taken} taken, {left} left"
            );
        }
    };
    in_every_way(ms(100), 20, call, check);
}

#[bulkhead("alone.place", 1, max_queue = 2, max_wait = "1h")]
async fn placed(probe: &Probe) -> Answer {
    body(probe).await
}

#[test]
fn places_and_the_queue_for_them_are_left() {
    let (probe, bulkhead) = (Probe::new(), bulkhead("alone.place"));
    let held: Arc<Mutex<Option<BulkheadPermit<'static>>>> = Arc::default();
    let call = || {
        *held.lock().unwrap() = Some(bulkhead.try_enter().unwrap());
        let (probe, held) = (probe.clone(), Arc::clone(&held));
        async move {
            let leaves = async {
                clock::sleep(ms(300)).await;
                held.lock().unwrap().take();
            };
            tokio::join!(placed(&probe), placed(&probe), leaves)
        }
    };
    let check = |steps| {
        held.lock().unwrap().take();
        assert_eq!(probe.inside(), 0, "after {steps}");
        assert_eq!((bulkhead.in_flight(), bulkhead.waiting()), (0, 0), "after {steps}");
        drop(bulkhead.try_enter().unwrap());
    };
    in_every_way(ms(100), 10, call, check);
    assert_eq!(bulkhead.rejected_count(), 0);
}

#[fallback(async |_| inside.watch(async { clock::sleep(ms(300)).await; Ok(1) }).await)]
async fn answered(probe: &Probe, inside: &Probe) -> Answer {
    body(probe).await?;
    Err(Failure::Reset)
}

#[test]
fn a_fallback_that_waits_is_dropped_with_its_call() {
    let (probe, inside) = (Probe::new(), Probe::new());
    let call = || {
        let (probe, inside) = (probe.clone(), inside.clone());
        async move { assert_eq!(answered(&probe, &inside).await, Ok(1)) }
    };
    let check = |steps| assert_eq!((probe.inside(), inside.inside()), (0, 0), "after {steps}");
    in_every_way(ms(100), 5, call, check);
    assert_eq!(probe.entered(), probe.left());
    assert!(inside.dropped() > 0);
}
