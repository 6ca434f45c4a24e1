use std::{any::Any, future::pending, time::Duration};

use mainstay_runtime::{
    Error, Kind,
    chaos::Chaos,
    clock::{self, ManualClock},
    deadline,
    timeout::Timeout,
};

use crate::{Stepper, testing};

const DAY: Duration = Duration::from_secs(86_400);

fn chaos(name: &'static str) -> &'static Chaos {
    Chaos::builder().register(name).unwrap()
}

async fn call(chaos: &'static Chaos) -> Result<(), Error> {
    chaos.call_async(|| async { Ok(()) }).await
}

fn told(panic: Box<dyn Any + Send>) -> String {
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn a_call_that_nothing_ends_ends_its_test_and_says_what_to_write() {
    let chaos = chaos("hanging.alone");
    let scope = testing::scope();
    scope.chaos("hanging.alone").pass(1).hang(1);
    assert_eq!(call(chaos).await, Ok(()));
    let told = told(tokio::spawn(call(chaos)).await.unwrap_err().into_panic());
    let expected = "chaos `hanging.alone` let call 2 hang, as the test wants it, and nothing ended it: there is no time limit";
    assert!(told.starts_with(expected) && told.contains("`#[timeout(\"…\")]`"), "{told}");
    assert_eq!(scope.elapsed(), DAY);
    scope.assert("hanging.alone").attempts(2).injected(1).story(&["injected: drop"]);
}

#[tokio::test]
async fn it_does_in_a_runtime_that_was_not_paused_from_the_start() {
    let chaos = chaos("hanging.paused_later");
    let scope = testing::scope();
    scope.chaos("hanging.paused_later").hang_for_good();
    assert!(tokio::spawn(call(chaos)).await.unwrap_err().is_panic());
}

#[test]
fn it_does_on_an_executor_of_the_tests_own() {
    let chaos = chaos("hanging.stepped");
    let scope = testing::scope();
    scope.chaos("hanging.stepped").hang(1);
    let mut stepper = Stepper::new(call(chaos));
    let panicked =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| while stepper.poll().is_pending() {}));
    assert!(told(panicked.unwrap_err()).starts_with("chaos `hanging.stepped` let call 1 hang"));
}

#[tokio::test(start_paused = true)]
async fn a_limit_ends_it_first_however_long_it_is() {
    let chaos = chaos("hanging.limited");
    let limit = Timeout::builder(DAY * 9).register("hanging.limited").unwrap();
    let scope = testing::scope();
    scope.chaos("hanging.limited").hang(3);
    let failed = limit.call_async(|| call(chaos)).await.unwrap_err();
    assert_eq!((failed.kind(), scope.elapsed()), (Kind::TimedOut, DAY * 9));
    // Within a limit of the test's own, too, and until a deadline that nobody enforces has passed.
    assert!(tokio::time::timeout(DAY / 2, call(chaos)).await.is_err());
    let start = scope.elapsed();
    let unended = tokio::spawn(deadline::scope(DAY * 9, call(chaos))).await;
    assert!(unended.is_err() || unended.is_ok_and(|answer| answer.is_err()));
    assert!(scope.elapsed() >= start + DAY * 9);
}

#[test]
fn a_clock_of_the_tests_own_that_stands_still_leaves_it_pending() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let chaos = chaos("hanging.given");
    let scope = testing::scope();
    scope.chaos("hanging.given").hang(1);
    let mut stepper = Stepper::new(call(chaos));
    (0..100).for_each(|_| assert!(stepper.poll().is_pending()));
    clock.advance(DAY - Duration::from_secs(1));
    assert!(stepper.poll().is_pending());
    assert_eq!(clock::now(), clock.now());
}

#[tokio::test(start_paused = true)]
async fn what_the_test_drops_is_not_told_of() {
    let chaos = chaos("hanging.dropped");
    let scope = testing::scope();
    scope.chaos("hanging.dropped").hang(2);
    let task = tokio::spawn(call(chaos));
    tokio::time::sleep(DAY / 2).await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    tokio::select! {
        _ = call(chaos) => unreachable!(),
        () = clock::sleep(Duration::from_secs(5)) => {}
    }
    let beyond = tokio::time::timeout(DAY * 3, pending::<()>()).await;
    assert!(beyond.is_err());
}
