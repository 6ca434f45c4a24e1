mod counts;
mod forced;
mod hanging;
mod isolation;
mod refusals;
mod time;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a failing test would print.
fn panic_of<R>(run: impl FnOnce() -> R) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(run)) else { panic!("it did not panic") };
    payload.downcast_ref::<String>().cloned().unwrap_or_default()
}
