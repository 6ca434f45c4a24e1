//! Time in the queue counts against a time limit above, and not against one below.

use mainstay::{bulkhead, timeout};
use mainstay_testkit::Stepper;

use crate::support::{Answer, Gate, letter, ms, step};

#[tokio::test(start_paused = true)]
async fn a_call_whose_time_is_up_in_the_queue_never_runs_and_leaves_it() {
    #[timeout("cut.queued", "1s")]
    #[bulkhead("full.queued", 1, max_wait = "10s")]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let (gate, never) = (Gate::shut(), Gate::shut());
    let inside = mainstay::policies().bulkhead("full.queued").unwrap().try_enter().unwrap();
    let error = call(&never).await.unwrap_err();
    assert_eq!((error.policy(), letter(&Err(error.clone()))), ("cut.queued", 'T'));
    drop(inside);
    assert_eq!(never.probe.entered(), 0);
    gate.let_out(1);
    assert_eq!(call(&gate).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_shorter_wait_of_its_own_is_a_refusal_and_not_a_time_out() {
    #[timeout("10s")]
    #[bulkhead("full.first", 1, max_wait = "1s")]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let _inside = mainstay::policies().bulkhead("full.first").unwrap().try_enter().unwrap();
    assert_eq!(letter(&call(&Gate::shut()).await), 'X');
}

#[tokio::test(start_paused = true)]
async fn a_time_limit_below_starts_when_the_call_is_inside() {
    #[bulkhead("full.below", 1, max_wait = "10s")]
    #[timeout("1s")]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let inside = mainstay::policies().bulkhead("full.below").unwrap().try_enter().unwrap();
    let gate = Gate::shut();
    let mut queued = Stepper::new(call(&gate));
    assert_eq!(step(&mut queued), '-');
    tokio::time::advance(ms(5000)).await;
    drop(inside);
    assert_eq!(step(&mut queued), '-');
    tokio::time::advance(ms(999)).await;
    assert_eq!(step(&mut queued), '-');
    tokio::time::advance(ms(1)).await;
    assert_eq!(step(&mut queued), 'T');
}
