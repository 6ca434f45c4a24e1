use std::time::Duration;

use mainstay::bulkhead;
use mainstay_testkit::Stepper;

use crate::support::{Answer, Gate, many, ms, step, steps};

#[tokio::test(start_paused = true)]
async fn so_many_wait_and_the_next_is_refused() {
    #[bulkhead(1, max_queue = 2)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(5, || call(&gate));
    assert_eq!(steps(&mut calls), "---XX");
    assert_eq!(gate.probe.inside(), 1);
}

#[tokio::test(start_paused = true)]
async fn they_wait_without_limit_where_no_time_is_given() {
    #[bulkhead(1, max_queue = 1)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(2, || call(&gate));
    assert_eq!(steps(&mut calls), "--");
    tokio::time::advance(Duration::from_secs(86_400)).await;
    assert_eq!(steps(&mut calls), "--");
    gate.let_out(2);
    assert_eq!(steps(&mut calls), "SS");
}

#[tokio::test(start_paused = true)]
async fn with_a_time_both_bounds_hold() {
    #[bulkhead(1, max_queue = 1, max_wait = "1s")]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(3, || call(&gate));
    assert_eq!(steps(&mut calls), "--X");
    tokio::time::advance(ms(1000)).await;
    assert_eq!(step(&mut calls[1]), 'X');
    let mut next = Stepper::new(call(&gate));
    assert_eq!(step(&mut next), '-', "the place in the queue is free again");
}

#[tokio::test(start_paused = true)]
async fn a_queue_of_none_refuses_at_once() {
    #[bulkhead(1, max_queue = 0)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    assert_eq!(steps(&mut many(2, || call(&gate))), "-X");
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_enter_in_the_order_of_arrival_and_are_not_overtaken() {
    #[bulkhead(1, max_queue = 10)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(3, || call(&gate));
    assert_eq!(steps(&mut calls), "---");
    gate.let_out(1);
    assert_eq!(step(&mut calls[0]), 'S');
    assert!(calls[1].was_woken() && !calls[2].was_woken(), "the place went to the first in the queue");
    let mut newcomer = Stepper::new(call(&gate));
    assert_eq!(step(&mut newcomer), '-');
    gate.let_out(1);
    assert_eq!((step(&mut newcomer), step(&mut calls[2]), step(&mut calls[1])), ('-', '-', 'S'));
    gate.let_out(1);
    assert_eq!((step(&mut newcomer), step(&mut calls[2])), ('-', 'S'));
    gate.let_out(1);
    assert_eq!(step(&mut newcomer), 'S');
}
