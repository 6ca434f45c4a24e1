//! Rows of MicroProfile Fault Tolerance's test kit (CASES.md, D and D2).

use mainstay::{bulkhead, policies};
use mainstay_testkit::{Probe, Stepper};
use tokio::task::JoinSet;

use crate::support::{Answer, Gate, many, ms, step, steps};

#[tokio::test(start_paused = true)]
async fn bh_01_one_more_enters_for_each_that_leaves() {
    #[bulkhead(10)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(11, || call(&gate));
    assert_eq!(steps(&mut calls), "----------X");
    gate.let_out(1);
    assert_eq!(step(&mut calls[0]), 'S');
    assert_eq!(steps(&mut many(2, || call(&gate))), "-X");
}

/// In MicroProfile a sync bulkhead has no queue. Ours has: the thread waits (see `max_wait`).
#[test]
fn bh_02_a_sync_bulkhead_without_a_queue_refuses_at_once() {
    #[bulkhead(1)]
    fn call(inside: &dyn Fn()) -> Answer {
        inside();
        Ok(())
    }
    call(&|| assert!(call(&|| ()).is_err())).unwrap();
}

#[tokio::test(start_paused = true)]
async fn bh_04_a_place_is_held_until_the_future_completes() {
    #[bulkhead(2, max_queue = 2)]
    fn call(gate: &Gate) -> std::pin::Pin<Box<dyn Future<Output = Answer> + Send + '_>> {
        Box::pin(gate.pass())
    }
    let gate = Gate::shut();
    assert_eq!(steps(&mut many(5, || call(&gate))), "----X");
    assert_eq!(gate.probe.entered(), 2);
}

#[tokio::test(start_paused = true)]
async fn bh_05_under_pressure_never_more_than_the_limit_are_inside() {
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

#[tokio::test(start_paused = true)]
async fn bh_10_a_call_is_done_when_its_body_is_and_keeps_its_value() {
    #[bulkhead(1)]
    async fn call(gate: &Gate) -> Result<&'static str, mainstay::Error> {
        gate.pass().await?;
        Ok("RESULT")
    }
    let gate = std::sync::Arc::new(Gate::shut());
    let task = tokio::spawn({
        let gate = std::sync::Arc::clone(&gate);
        async move { call(&gate).await }
    });
    tokio::task::yield_now().await;
    assert!(!task.is_finished());
    gate.let_out(1);
    tokio::task::yield_now().await;
    assert!(task.is_finished(), "though nobody asked for it yet");
    assert_eq!(task.await.unwrap(), Ok("RESULT"));
}

#[tokio::test(start_paused = true)]
async fn bh_12_what_runs_waits_and_was_refused_is_counted() {
    #[bulkhead("bh.12", 2, max_queue = 2)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(5, || call(&gate));
    assert_eq!(steps(&mut calls), "----X");
    let bulkhead = policies().bulkhead("bh.12").unwrap();
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting(), bulkhead.rejected_count()), (2, 2, 1));
    gate.let_out(4);
    assert_eq!(steps(&mut calls[..4]), "SSSS");
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting(), bulkhead.admitted_count()), (0, 0, 4));
}

#[tokio::test(start_paused = true)]
async fn ac_04_a_call_that_is_cancelled_in_the_queue_never_runs() {
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
