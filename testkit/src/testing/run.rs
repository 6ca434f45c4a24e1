use super::{Scope, scope};
use crate::step::stop;

/// Runs an async test in a scope, on a runtime of its own with a paused clock: for `#[test]`, without `#[tokio::test]`.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::clock;
/// use mainstay_testkit::testing;
///
/// testing::run(async |scope| {
///     clock::sleep(Duration::from_secs(3600)).await;
///     assert_eq!(scope.elapsed(), Duration::from_secs(3600));
/// });
/// ```
///
/// # Panics
/// Where the system gives no runtime, inside of another runtime, and where `test` does.
#[track_caller]
pub fn run<T>(test: impl AsyncFnOnce(&Scope) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    let runtime = runtime.unwrap_or_else(|error| stop(&format!("there is no runtime to be had: {error}")));
    runtime.block_on(async {
        let scope = scope();
        test(&scope).await
    })
}
