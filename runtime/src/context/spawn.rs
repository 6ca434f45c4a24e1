use std::future::Future;

use tokio::task::JoinHandle;

use super::{Carried, InContextExt};
use crate::shutdown::spawned::{Running, Spawned};

/// Starts a task, as `tokio::spawn` does, in the context that is current here. A shutdown of the program waits for it: see
/// [`shutdown::spawn`](crate::shutdown::spawn) for tasks that it is to cancel.
///
/// # Panics
///
/// Outside of a tokio runtime, as `tokio::spawn` does.
///
/// ```
/// use mainstay_runtime::context::{self, Context, InContextExt};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tokio::task::JoinError> {
/// let context = Context::new();
/// let task = async { context::spawn(async { context::correlation_id() }).await };
/// assert_eq!(task.in_context(context.clone()).await?.as_ref(), Some(context.correlation_id()));
/// # Ok(())
/// # }
/// ```
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tokio::spawn(Spawned::new(future.in_current_context()))
}

/// Runs `operation` where it may block, as `tokio::task::spawn_blocking` does, in the context that is current here.
/// A shutdown of the program waits for it.
///
/// # Panics
///
/// Outside of a tokio runtime, as `tokio::task::spawn_blocking` does.
#[track_caller]
pub fn spawn_blocking<T, O>(operation: O) -> JoinHandle<T>
where
    T: Send + 'static,
    O: FnOnce() -> T + Send + 'static,
{
    let (carried, running) = (Carried::here(), Running::begin());
    tokio::task::spawn_blocking(move || {
        let _running = running;
        carried.scope(operation)
    })
}
