//! Overrides of budgets and retries, through what their registry entries take.

use std::{cell::Cell, time::Duration};

use mainstay::{
    Error, clock,
    clock::ManualClock,
    overrides::{Values, overrides},
    policies, retry,
};

type Answer = Result<(), Error>;

fn down(calls: &Cell<u32>) -> Answer {
    calls.set(calls.get() + 1);
    Err(Error::timed_out("upstream", Duration::ZERO))
}

#[retry("outside.plain", initial_delay = "1s", jitter = none)]
fn plain(calls: &Cell<u32>) -> Answer {
    down(calls)
}

#[retry("outside.computed", max_attempts = attempts, initial_delay = "1s", jitter = none)]
fn computed(attempts: u32, calls: &Cell<u32>) -> Answer {
    down(calls)
}

#[retry("outside.cloned", max_attempts = 2, initial_delay = "1s", jitter = none, clone(text))]
fn cloned(text: String, calls: &Cell<u32>) -> Answer {
    assert_eq!(text.into_bytes(), b"given");
    if calls.get() == 0 {
        set(Values::new().name("outside.cloned", "retry", "max_attempts", 4));
    }
    down(calls)
}

#[retry(
    "outside.budgeted",
    max_attempts = 50,
    initial_delay = "0s",
    max_delay = "0s",
    budget = "outside.budget"
)]
fn budgeted(calls: &Cell<u32>) -> Answer {
    down(calls)
}

fn set(values: Values) {
    overrides().source(values).load().unwrap();
}

fn attempts(call: impl FnOnce(&Cell<u32>) -> Answer) -> u32 {
    let calls = Cell::new(0);
    call(&calls).unwrap_err();
    calls.get()
}

/// One test, because what is set holds for the whole program.
#[test]
fn what_is_set_from_outside_is_followed_by_calls_that_begin_after_it() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    assert_eq!((attempts(plain), attempts(|calls| computed(5, calls))), (3, 5));

    set(Values::new()
        .name("outside.plain", "retry", "max_attempts", 2)
        .name("outside.plain", "retry", "initial_delay", "10s")
        .name("outside.computed", "retry", "initial_delay", "2s"));
    let start = clock::now();
    assert_eq!(attempts(plain), 2);
    assert_eq!(clock::now().saturating_since(start), Duration::from_secs(10));
    // What is not set is as the call says.
    assert_eq!(attempts(|calls| computed(5, calls)), 5);
    set(Values::new().name("outside.computed", "retry", "max_attempts", 2));
    assert_eq!(attempts(|calls| computed(5, calls)), 2);
    assert_eq!(attempts(plain), 3);

    // A call in flight ends as it began, also where each attempt gets a clone and the last one the argument itself.
    assert_eq!(attempts(|calls| cloned("given".to_owned(), calls)), 2);
    assert_eq!(attempts(|calls| cloned("given".to_owned(), calls)), 4);
    let seen = Cell::new(0);
    let in_flight = |calls: &Cell<u32>| {
        #[retry("outside.in_flight", max_attempts = 4, initial_delay = "1s")]
        fn call(seen: &Cell<u32>, calls: &Cell<u32>) -> Answer {
            if seen.replace(seen.get() + 1) == 1 {
                set(Values::new().name("outside.in_flight", "retry", "max_attempts", 1));
            }
            down(calls)
        }
        call(&seen, calls)
    };
    assert_eq!((attempts(in_flight), attempts(in_flight)), (4, 1));

    let before = policies().retry("outside.plain").unwrap().not_retryable();
    set(Values::new().name("outside.plain", "retry", "enabled", false));
    assert_eq!(attempts(plain), 1);
    let retry = policies().retry("outside.plain").unwrap();
    assert_eq!(retry.not_retryable(), before, "what is off counts nothing");

    let budget = policies().budget("outside.budget").unwrap();
    set(Values::new().name("outside.budget", "budget", "ratio", 0.0).name(
        "outside.budget",
        "budget",
        "floor",
        0.5,
    ));
    assert_eq!((attempts(budgeted), budget.withdrawn(), budget.refused()), (6, 5, 1));
    set(Values::new().name("outside.budget", "budget", "enabled", false));
    assert_eq!((attempts(budgeted), budget.withdrawn()), (50, 5));
    let wrong = overrides().source(Values::new().name("outside.budget", "budget", "ratio", -1)).load();
    assert!(wrong.unwrap_err().to_string().contains("not negative"));
    set(Values::new());
}
