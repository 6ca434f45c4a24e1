//! MicroProfile Fault Tolerance, bulkhead under a retry.

use mainstay::{Kind, bulkhead, clock, policies, retry};
use mainstay_testkit::Stepper;

use crate::support::*;

/// BR-01 and, without `retry_on`, what ours does: a refusal is final and costs no wait (decision 0001).
#[tokio::test(start_paused = true)]
async fn a_refusal_is_final_unless_listed_and_then_tried_again_in_vain_while_the_bulkhead_is_full() {
    #[retry("br.01", max_attempts = 11, initial_delay = "1ms", backoff = constant, jitter = none,
        retry_on(E::Policy(refusal) if refusal.kind() == Kind::BulkheadFull))]
    #[bulkhead(5, max_queue = 5)]
    async fn listed(gate: &Gate) -> Answer {
        gate.pass().await
    }
    #[retry("br.01.unlisted", max_attempts = 11)]
    #[bulkhead(1)]
    async fn unlisted(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(10, || listed(&gate));
    assert_eq!(steps(&mut calls), "----------");
    let start = clock::now();
    assert_eq!(letter(&listed(&gate).await), 'b');
    assert_eq!(clock::now().saturating_since(start), ms(10));
    assert_eq!(policies().retry("br.01").unwrap().retries(), 10);

    let mut calls = many(2, || unlisted(&gate));
    assert_eq!(steps(&mut calls), "-b");
    assert_eq!(policies().retry("br.01.unlisted").unwrap().retries(), 0);
}

/// BR-02.
#[tokio::test(start_paused = true)]
async fn a_listed_refusal_is_tried_again_until_there_is_room() {
    #[retry(max_attempts = 100, initial_delay = "1s", backoff = constant, jitter = none,
        retry_on(E::Policy(refusal) if refusal.kind() == Kind::BulkheadFull))]
    #[bulkhead(3, max_queue = 3)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(7, || call(&gate));
    assert_eq!(steps(&mut calls), "-------");
    gate.let_out(7);
    assert_eq!(steps(&mut calls), "SSSSSS-", "the last waits for its next attempt");
    tokio::time::advance(SECOND).await;
    assert_eq!(step(&mut calls[6]), 'S');
    assert_eq!(gate.probe.most_inside(), 3);
}

/// BR-x01: `…PassiveRetry…`.
#[tokio::test(start_paused = true)]
async fn a_retry_does_nothing_where_places_and_queue_suffice() {
    #[retry("br.passive", max_attempts = 11)]
    #[bulkhead(5, max_queue = 5)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(10, || call(&gate));
    assert_eq!(steps(&mut calls), "----------");
    gate.let_out(10);
    assert_eq!(steps(&mut calls), "SSSSSSSSSS");
    assert_eq!(policies().retry("br.passive").unwrap().retries(), 0);
}

/// What a call of the next tests does once it is inside.
async fn fail_after(gate: &Gate) -> Answer {
    gate.pass().await?;
    Err(E::Down)
}

/// BR-x02: `testRetriesReenterBulkhead`.
#[tokio::test(start_paused = true)]
async fn a_call_has_no_place_while_it_waits_for_its_next_attempt() {
    #[retry(max_attempts = 2, initial_delay = "1s", jitter = none)]
    #[bulkhead(1, max_queue = 1)]
    async fn call(gate: &Gate, fails: bool) -> Answer {
        if fails { fail_after(gate).await } else { gate.pass().await }
    }
    let (a_gate, b_gate, c_gate) = (Gate::shut(), Gate::shut(), Gate::shut());
    let (mut a, mut b) = (Stepper::new(call(&a_gate, true)), Stepper::new(call(&b_gate, false)));
    let mut c = Stepper::new(call(&c_gate, false));
    assert_eq!((step(&mut a), step(&mut b)), ('-', '-'));
    assert_eq!((a_gate.probe.inside(), b_gate.probe.inside()), (1, 0));
    a_gate.let_out(1);
    assert_eq!((step(&mut a), step(&mut b), step(&mut c)), ('-', '-', '-'));
    assert_eq!((b_gate.probe.inside(), c_gate.probe.inside()), (1, 0), "b runs, c waits");
    tokio::time::advance(SECOND).await;
    assert_eq!((step(&mut a), a_gate.probe.entered()), ('b', 1), "running and queue are full");
    b_gate.let_out(1);
    c_gate.let_out(1);
    assert_eq!((step(&mut b), step(&mut c)), ('S', 'S'));
}

/// BR-04.
#[tokio::test(start_paused = true)]
async fn a_retry_goes_to_the_back_of_the_queue() {
    #[retry(max_attempts = 2, initial_delay = ms(0))]
    #[bulkhead(1, max_queue = 5)]
    async fn call(gate: &Gate, fails: bool) -> Answer {
        if fails { fail_after(gate).await } else { gate.pass().await }
    }
    let (a_gate, b_gate, c_gate) = (Gate::shut(), Gate::shut(), Gate::shut());
    let mut a = Stepper::new(call(&a_gate, true));
    let (mut b, mut c) = (Stepper::new(call(&b_gate, false)), Stepper::new(call(&c_gate, false)));
    assert_eq!((step(&mut a), step(&mut b), step(&mut c)), ('-', '-', '-'));
    let inside = || (a_gate.probe.inside(), b_gate.probe.inside(), c_gate.probe.inside());
    let entered = || a_gate.probe.entered();
    a_gate.let_out(2);
    b_gate.let_out(1);
    assert_eq!((step(&mut a), step(&mut b), step(&mut a), inside()), ('-', 'S', '-', (0, 0, 0)));
    assert_eq!((step(&mut c), step(&mut a), inside(), entered()), ('-', '-', (0, 0, 1), 1));
    c_gate.let_out(1);
    assert_eq!((step(&mut c), step(&mut a), entered()), ('S', 'F', 2));
}

/// BR-05, BR-x03: `retryOn` without the refusal, and `abortOn` with it.
#[tokio::test(start_paused = true)]
async fn a_refusal_that_is_not_listed_or_listed_as_final_is_final() {
    #[retry(max_attempts = 11, initial_delay = "1s", retry_on(E::Down))]
    #[bulkhead(1, max_queue = 1)]
    async fn unlisted(gate: &Gate) -> Answer {
        gate.pass().await
    }
    #[retry(max_attempts = 11, initial_delay = "1s", retry_on(E::Policy(_)), abort_on(E::Policy(_)))]
    #[bulkhead(1, max_queue = 1)]
    async fn final_one(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    assert_eq!(steps(&mut many(3, || unlisted(&gate))), "--b");
    assert_eq!(steps(&mut many(3, || final_one(&gate))), "--b");
}

/// BR-07.
#[test]
fn a_sync_retry_enters_anew_for_each_attempt() {
    #[retry(max_attempts = attempts, initial_delay = ms(0), retry_on(E::Policy(_), E::Down))]
    #[bulkhead("br.sync", 1)]
    fn call(attempts: u32, up: &Upstream) -> Answer {
        up.run()
    }
    let up = upstream("FFS");
    assert_eq!((call(3, &up), up.calls()), (Ok(()), 3));
    let bulkhead = policies().bulkhead("br.sync").unwrap();
    assert_eq!((bulkhead.admitted_count(), bulkhead.in_flight()), (3, 0));

    let place = bulkhead.try_enter().unwrap();
    assert_eq!(letter(&call(1, &up)), 'b');
    assert_eq!(letter(&call(3, &up)), 'b', "full for all three");
    drop(place);
    assert_eq!(call(1, &upstream("S")), Ok(()));
}
