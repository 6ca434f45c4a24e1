//! Names around an annotated function that could be mistaken for those that the expansion uses.

use mainstay::{bulkhead as guard, retry};

use crate::support::Flaky;

/// The expansion must not depend on what these words mean here.
mod shadowed {
    #![allow(dead_code, non_camel_case_types, unused_macros)]
    use super::*;

    struct Option;
    struct Some;
    struct Result;
    struct Ok;
    struct Err;
    struct None;
    struct Duration;
    struct Box;
    trait Clone {}
    mod core {}
    mod std {}
    mod mainstay {}
    macro_rules! concat {
        () => {};
    }
    macro_rules! module_path {
        () => {};
    }

    pub(super) type Answer = ::core::result::Result<u32, crate::support::Failure>;

    #[retry(clone(order))]
    #[::mainstay::circuit_breaker]
    #[::mainstay::rate_limit("100/s", max_wait = "1s")]
    #[guard(3)]
    #[::mainstay::timeout("1s")]
    pub(super) async fn asynchronous(flaky: &Flaky, order: ::std::string::String) -> Answer {
        drop(order);
        flaky.until(3)
    }

    #[::mainstay::fallback(|error| ::core::result::Result::Err(error))]
    #[retry(clone(order))]
    #[guard(3, max_wait = "1s")]
    pub(super) fn synchronous(flaky: &Flaky, order: ::std::string::String) -> Answer {
        drop(order);
        flaky.until(3)
    }
}

#[tokio::test(start_paused = true)]
async fn the_prelude_may_be_shadowed() {
    assert_eq!(shadowed::asynchronous(&Flaky::default(), String::new()).await, Ok(3));
    assert_eq!(crate::support::at_once(|| shadowed::synchronous(&Flaky::default(), String::new())), Ok(3));
}

mod renamed_root {
    pub(super) use mainstay as house;
}

#[renamed_root::house::retry(crate = renamed_root::house)]
fn under_another_root(flaky: &Flaky) -> Result<u32, crate::support::Failure> {
    flaky.until(3)
}

#[test]
fn the_root_may_have_another_name() {
    assert_eq!(crate::support::at_once(|| under_another_root(&Flaky::default())), Ok(3));
}

macro_rules! annotated {
    ($name:ident, $tries:expr, $delay:literal, $($error:pat),*) => {
        #[retry(max_attempts = $tries, initial_delay = $delay, retry_on($($error),*))]
        async fn $name(flaky: &Flaky, nth: u32) -> Result<u32, crate::support::Failure> {
            flaky.until(nth)
        }
    };
}

annotated!(from_a_macro, 2 + 2, "1ms", crate::support::Failure::Reset);

#[tokio::test(start_paused = true)]
async fn a_function_may_be_written_by_a_macro() {
    assert_eq!(from_a_macro(&Flaky::default(), 4).await, Ok(4));
    assert!(from_a_macro(&Flaky::default(), 5).await.is_err());
}
