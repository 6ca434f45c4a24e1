use std::panic::catch_unwind;

use mainstay::{Error, chaos, circuit_breaker, circuit_breaker::State, policies};

use crate::support::on;

#[test]
fn a_panic_unwinds_through_the_stack_and_counts_as_a_failure() {
    #[circuit_breaker("panic.breaker", failure_threshold = 1)]
    #[chaos("panic.sync", panic_rate = 1.0)]
    fn call() -> Result<(), Error> {
        Ok(())
    }
    let _on = on("panic.sync");
    let panicked = catch_unwind(call).unwrap_err();
    assert_eq!(panicked.downcast_ref::<String>().unwrap(), "chaos `panic.sync` made call 1 panic");
    assert_eq!(policies().circuit_breaker("panic.breaker").unwrap().state(), State::Open);
}
