//! Attributes that are not ours, above, between and below.

use mainstay::{bulkhead, circuit_breaker, fallback, retry, timeout};

use crate::support::*;

/// Documented, and documented again below.
#[inline]
#[must_use = "it may have failed"]
#[retry]
#[allow(clippy::needless_return)]
#[cfg(not(any()))]
/// Here.
#[doc(alias = "ask")]
fn built_in(flaky: &Flaky) -> Answer {
    return flaky.until(3);
}

#[cfg_attr(all(), inline(never), must_use)]
#[retry]
#[cfg_attr(all(), allow(unused_variables))]
#[timeout("1s")]
async fn conditional(flaky: &Flaky, unused: u32) -> Answer {
    flaky.until(3)
}

#[track_caller]
#[fallback(|_| Ok(1))]
#[cold]
fn tracked(fails: bool) -> Answer {
    if fails { Err(Failure::Reset) } else { Ok(std::panic::Location::caller().line()) }
}

#[cfg(any())]
#[retry]
fn switched_off() -> NoSuchType {}

#[deprecated(note = "use another")]
#[bulkhead(3)]
#[expect(unused_mut, reason = "the lint looks through what we write")]
fn old() -> Answer {
    let mut one = 1;
    Ok(one)
}

#[test]
fn the_compilers_own_attributes_stand_anywhere() {
    assert_eq!(at_once(|| built_in(&Flaky::default())), Ok(3));
    assert_eq!(tracked(true), Ok(1));
    assert!(tracked(false).is_ok());
    #[allow(deprecated)]
    let old = old();
    assert_eq!(old, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn conditional_attributes_stand_anywhere() {
    assert_eq!(conditional(&Flaky::default(), 1).await, Ok(3));
}

#[retry]
#[tokio::test(start_paused = true)]
#[timeout("1s")]
async fn a_test_may_be_annotated_above_its_entry_point() -> Answer<()> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static RUNS: AtomicU32 = AtomicU32::new(0);
    if RUNS.fetch_add(1, Ordering::SeqCst) < 2 { Err(Failure::Reset) } else { Ok(()) }
}

mod entry {
    use super::*;

    #[retry]
    #[circuit_breaker]
    #[tokio::main(flavor = "current_thread", start_paused = true)]
    #[timeout("1s")]
    pub(super) async fn run(flaky: &Flaky) -> Answer {
        tokio::task::yield_now().await;
        flaky.until(3)
    }
}

#[test]
fn an_entry_point_of_tokio_runs_the_whole_stack_inside() {
    // Written below it, they would be given the function that tokio has made of it, which is sync.
    assert_eq!(entry::run(&Flaky::default()), Ok(3));
}

#[retry]
#[::core::prelude::v1::test]
fn a_plain_test_may_be_annotated() -> Answer<()> {
    Ok(())
}
