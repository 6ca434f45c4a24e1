//! MicroProfile Fault Tolerance, bulkhead, alone and when a call is cancelled. Its `waitingTaskQueue` is our `max_queue`.

use std::sync::{Arc, mpsc};

use mainstay::{bulkhead, policies, retry, timeout};
use mainstay_testkit::{Probe, Stepper};
use tokio::task::JoinSet;

use crate::support::*;

/// BH-01, BH-07: for limits of 3, 10 and 1.
#[tokio::test(start_paused = true)]
async fn one_more_enters_for_each_that_leaves() {
    #[bulkhead(1)]
    async fn one(gate: &Gate) -> Answer {
        gate.pass().await
    }
    #[bulkhead(3)]
    async fn three(gate: &Gate) -> Answer {
        gate.pass().await
    }
    #[bulkhead(10)]
    async fn ten(gate: &Gate) -> Answer {
        gate.pass().await
    }
    macro_rules! fills {
        ($call:ident, $limit:literal) => {
            let gate = Gate::shut();
            let mut calls = many($limit + 1, || $call(&gate));
            assert_eq!(steps(&mut calls), "-".repeat($limit) + "b");
            gate.let_out(1);
            assert_eq!(step(&mut calls[0]), 'S');
            assert_eq!(steps(&mut many(2, || $call(&gate))), "-b");
        };
    }
    fills!(one, 1);
    fills!(three, 3);
    fills!(ten, 10);
}

/// BH-02.
#[test]
fn a_sync_bulkhead_without_a_queue_refuses_at_once() {
    #[bulkhead(1)]
    fn call(inside: &dyn Fn()) -> Answer {
        inside();
        Ok(())
    }
    call(&|| assert_eq!(letter(&call(&|| ())), 'b')).unwrap();
}

/// BH-02: there the queue of a sync bulkhead is ignored. Here the thread waits in it (decision 0013).
#[test]
fn a_sync_bulkhead_with_a_queue_lets_threads_wait_in_it() {
    #[bulkhead("bh.sync_queue", 1, max_queue = 1)]
    fn call(inside: impl FnOnce()) -> Answer {
        inside();
        Ok(())
    }
    let (release, held) = mpsc::channel();
    let bulkhead = || policies().bulkhead("bh.sync_queue").unwrap();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| call(move || held.recv().unwrap()));
        while bulkhead().in_flight() == 0 {
            std::thread::yield_now();
        }
        let second = scope.spawn(|| call(|| ()));
        while bulkhead().waiting() == 0 {
            std::thread::yield_now();
        }
        assert_eq!(letter(&call(|| ())), 'b');
        release.send(()).unwrap();
        assert_eq!((first.join().unwrap(), second.join().unwrap()), (Ok(()), Ok(())));
    });
}

/// BH-04.
#[tokio::test(start_paused = true)]
async fn a_place_is_held_until_the_future_completes() {
    #[bulkhead(2, max_queue = 2)]
    fn call(gate: &Gate) -> std::pin::Pin<Box<dyn Future<Output = Answer> + Send + '_>> {
        Box::pin(gate.pass())
    }
    let gate = Gate::shut();
    assert_eq!(steps(&mut many(5, || call(&gate))), "----b");
    assert_eq!(gate.probe.entered(), 2);
}

/// BH-05: the source calls every 25 ms, of which not all find a place.
#[tokio::test(start_paused = true)]
async fn under_pressure_never_more_than_the_limit_are_inside() {
    #[bulkhead(5)]
    async fn call(probe: &Probe) -> Answer {
        probe.watch(tokio::time::sleep(ms(50))).await;
        Ok(())
    }
    let probe = Probe::new();
    let mut calls = JoinSet::new();
    for number in 0..100 {
        let probe = probe.clone();
        calls.spawn(async move {
            // Six at a time, 25 ms apart.
            tokio::time::sleep(ms(25) * (number / 6)).await;
            call(&probe).await
        });
    }
    let answers = calls.join_all().await;
    let served = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!((answers.len(), probe.most_inside(), probe.finished()), (100, 5, served as u64));
    assert!((5..100).contains(&served));
}

/// BH-10, AC-x02.
#[tokio::test(start_paused = true)]
async fn a_call_is_done_when_its_body_is_and_keeps_its_value() {
    #[bulkhead(1)]
    async fn call(gate: &Gate) -> Answer<&'static str> {
        gate.pass().await?;
        Ok("RESULT")
    }
    let gate = Arc::new(Gate::shut());
    let task = tokio::spawn({
        let gate = Arc::clone(&gate);
        async move { call(&gate).await }
    });
    tokio::task::yield_now().await;
    assert!(!task.is_finished());
    gate.let_out(1);
    tokio::task::yield_now().await;
    assert!(task.is_finished(), "though nobody asked for it yet");
    assert_eq!(task.await.unwrap(), Ok("RESULT"));
}

/// BH-12, without its durations.
#[tokio::test(start_paused = true)]
async fn what_runs_waits_and_was_refused_is_counted() {
    #[bulkhead("bh.12", 2, max_queue = 2)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(5, || call(&gate));
    assert_eq!(steps(&mut calls), "----b");
    let bulkhead = policies().bulkhead("bh.12").unwrap();
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting(), bulkhead.rejected_count()), (2, 2, 1));
    gate.let_out(4);
    assert_eq!(steps(&mut calls[..4]), "SSSS");
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting(), bulkhead.admitted_count()), (0, 0, 4));
}

/// AC-04.
#[tokio::test(start_paused = true)]
async fn a_call_that_is_cancelled_in_the_queue_never_runs() {
    #[bulkhead(1, max_queue = 2)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let (running, cancelled, other) = (Gate::shut(), Gate::shut(), Gate::shut());
    let mut a = Stepper::new(call(&running));
    let mut b = Stepper::new(call(&cancelled));
    let mut c = Stepper::new(call(&other));
    assert_eq!((step(&mut a), step(&mut b), step(&mut c)), ('-', '-', '-'));
    drop(b);
    running.let_out(1);
    assert_eq!(step(&mut a), 'S');
    assert!(c.was_woken(), "the place goes to the next");
    other.let_out(1);
    assert_eq!(step(&mut c), 'S');
    assert_eq!(cancelled.probe.entered(), 0);
}

/// BH-08, BH-x01: ten run and ten wait, and for one and one.
#[tokio::test(start_paused = true)]
async fn a_call_that_finds_the_queue_full_is_refused_and_done_at_once() {
    #[bulkhead(1, max_queue = 1)]
    async fn one(gate: &Gate) -> Answer {
        gate.pass().await
    }
    #[bulkhead(10, max_queue = 10)]
    async fn ten(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    assert_eq!(steps(&mut many(3, || one(&gate))), "--b");
    assert_eq!(steps(&mut many(21, || ten(&gate))), "-".repeat(20) + "b");
    assert_eq!(gate.probe.most_inside(), 10);
}

/// BH-11, without its durations.
#[tokio::test(start_paused = true)]
async fn what_runs_and_was_refused_is_counted() {
    #[bulkhead("bh.11", 2)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(3, || call(&gate));
    assert_eq!(steps(&mut calls), "--b");
    let bulkhead = policies().bulkhead("bh.11").unwrap();
    assert_eq!((bulkhead.in_flight(), bulkhead.admitted_count(), bulkhead.rejected_count()), (2, 2, 1));
    gate.let_out(4);
    assert_eq!(steps(&mut calls[..2]), "SS");
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting()), (0, 0));
    assert_eq!(steps(&mut many(2, || call(&gate))), "SS");
    assert_eq!(bulkhead.admitted_count(), 4);
}

/// BH-x02: `BulkheadTimeoutTest`.
#[tokio::test(start_paused = true)]
async fn calls_that_time_out_are_replaced_by_those_that_wait() {
    #[timeout("2s")]
    #[bulkhead(5, max_queue = 5)]
    async fn call(takes: u64, probe: &Probe) -> Answer {
        probe.watch(tokio::time::sleep(ms(takes))).await;
        Ok(())
    }
    let probe = Probe::new();
    let mut slow = many(5, || call(30_000, &probe));
    assert_eq!(steps(&mut slow), "-----");
    tokio::time::advance(SECOND).await;
    let mut quick = many(5, || call(100, &probe));
    assert_eq!(steps(&mut quick), "-----");
    tokio::time::advance(SECOND).await;
    assert_eq!(steps(&mut slow), "ttttt");
    assert_eq!(steps(&mut quick), "-----");
    assert_eq!(probe.inside(), 5, "the places were passed on");
    tokio::time::advance(ms(100)).await;
    assert_eq!(steps(&mut quick), "SSSSS");
    assert_eq!(probe.most_inside(), 5);
}

/// AC-01, AC-05: a call is cancelled by dropping it. AC-02 asks that the body goes on: in Rust it cannot, unless the
/// caller spawned it.
#[tokio::test(start_paused = true)]
async fn a_call_that_is_cancelled_stops_where_it_waits_and_is_not_tried_again() {
    #[retry(max_attempts = 3, initial_delay = ms(0))]
    async fn call(gate: Arc<Gate>) -> Answer {
        gate.pass().await
    }
    let gate = Arc::new(Gate::shut());
    let task = tokio::spawn(call(Arc::clone(&gate)));
    tokio::task::yield_now().await;
    assert_eq!(gate.probe.inside(), 1);
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    tokio::time::advance(ms(500)).await;
    assert_eq!((gate.probe.entered(), gate.probe.dropped()), (1, 1));
}

/// AC-x01: there a body that is cancelled without an interruption holds its place to its end (decision 0022).
#[tokio::test(start_paused = true)]
async fn a_call_that_is_cancelled_leaves_its_place_to_the_next() {
    #[bulkhead(1, max_queue = 1)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let (first_gate, gate) = (Gate::shut(), Gate::shut());
    let (mut first, mut second) = (Stepper::new(call(&first_gate)), Stepper::new(call(&gate)));
    assert_eq!((step(&mut first), step(&mut second), gate.probe.inside()), ('-', '-', 0));
    drop(first);
    assert!(second.was_woken());
    assert_eq!((step(&mut second), gate.probe.inside()), ('-', 1));
}
