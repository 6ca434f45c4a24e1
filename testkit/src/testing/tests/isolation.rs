use std::{
    sync::{
        Barrier,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use mainstay_runtime::{
    Error,
    bulkhead::Bulkhead,
    chaos::Chaos,
    circuit_breaker::{CircuitBreaker, State},
};

use super::panic_of;
use crate::testing;

#[test]
fn faults_and_counts_are_each_scopes_own_although_the_policy_is_one() {
    let chaos = Chaos::builder().register("isolation.chaos").unwrap();
    let call = || chaos.call(|| Ok::<_, Error>(())).is_ok();
    let both = Barrier::new(2);
    thread::scope(|threads| {
        for fails in [1, 3] {
            let both = &both;
            threads.spawn(move || {
                let scope = testing::scope();
                scope.chaos("isolation.chaos").fail(fails);
                both.wait();
                let failed = (0..10).filter(|_| !call()).count() as u64;
                both.wait();
                assert_eq!(failed, fails);
                scope.assert("isolation.chaos").attempts(10).injected(fails);
            });
        }
    });
    assert!(call());
}

#[test]
fn a_name_is_one_scopes_at_a_time_and_starts_afresh_for_each() {
    let breaker = CircuitBreaker::builder().failure_threshold(1).register("isolation.breaker").unwrap();
    let inside = AtomicBool::new(false);
    thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                let scope = testing::scope_of(["isolation.breaker"]);
                assert!(!inside.swap(true, Ordering::SeqCst));
                assert_eq!(breaker.state(), State::Closed);
                assert!(breaker.call(|| Err::<(), _>(Error::injected("theirs", 1))).is_err());
                scope.assert("isolation.breaker").opened_once();
                inside.store(false, Ordering::SeqCst);
            });
        }
    });
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn who_would_wait_for_ever_is_told_so() {
    let first = testing::scope_of(["isolation.same"]);
    let second = testing::scope();
    let problem = panic_of(|| second.hold("isolation.same"));
    assert!(problem.starts_with("another scope of this thread has `isolation.same`"), "{problem}");
    drop((second, first));

    // Two scopes that each want what the other has: one of them is told, and the other goes on.
    let both = Barrier::new(2);
    let told: Vec<Option<String>> = thread::scope(|threads| {
        let one = |mine, others| {
            let both = &both;
            threads.spawn(move || {
                let scope = testing::scope_of([mine]);
                both.wait();
                let held = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| scope.hold(others)));
                held.err().and_then(|problem| problem.downcast_ref::<String>().cloned())
            })
        };
        let pair = [one("isolation.a", "isolation.b"), one("isolation.b", "isolation.a")];
        pair.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let told: Vec<_> = told.into_iter().flatten().collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("`testing::scope_of([…])`"), "{told:?}");
}

#[test]
fn names_are_free_again_after_a_test_that_failed() {
    let bulkhead = Bulkhead::builder(1).register("isolation.failed").unwrap();
    panic_of(|| {
        let scope = testing::scope();
        scope.fill_bulkhead("isolation.failed");
        assert_eq!(bulkhead.in_flight(), 1);
        panic!("{}", String::from("the test failed"));
    });
    assert_eq!(bulkhead.in_flight(), 0);
    testing::scope_of(["isolation.failed"]).assert("isolation.failed").refused(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_of_several_threads_are_in_the_scope_that_carries_them_and_others_are_not() {
    let chaos = Chaos::builder().register("isolation.tasks").unwrap();
    let call = || chaos.call_async(|| async { Ok::<_, Error>(()) });
    let scope = testing::scope();
    scope.chaos("isolation.tasks").fail_for_good();
    let carried = tokio::spawn(scope.carry(call())).await.unwrap();
    let other = tokio::spawn(call()).await.unwrap();
    assert_eq!((carried.is_err(), other.is_ok()), (true, true));
    scope.assert("isolation.tasks").attempts(1).injected(1);
}

#[tokio::test]
async fn all_tasks_of_a_runtime_of_one_thread_are_in_its_scope() {
    let chaos = Chaos::builder().register("isolation.one").unwrap();
    let scope = testing::scope();
    scope.chaos("isolation.one").fail(1);
    let task = tokio::spawn(chaos.call_async(|| async { Ok::<_, Error>(()) }));
    assert!(task.await.unwrap().is_err());
    let blocking = tokio::task::spawn_blocking(scope.carry_thread(|| chaos.call(|| Ok::<_, Error>(()))));
    assert!(blocking.await.unwrap().is_ok());
    scope.assert("isolation.one").attempts(2).injected(1);
}
