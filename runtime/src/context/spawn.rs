use std::future::Future;

use tokio::task::JoinHandle;

use super::{Carried, InContextExt};
use crate::{
    deadline::Carry,
    shutdown::spawned::{Running, Spawned},
};

/// Starts a task, as `tokio::spawn` does, in the context that is current here. A shutdown of the program waits for it: see
/// [`shutdown::spawn`](crate::shutdown::spawn) for tasks that it is to cancel.
///
/// The task has no [deadline](crate::deadline), because most that is spawned goes on after the call that began it: see
/// [`spawn_within_deadline`] for what does not.
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
    tokio::spawn(Spawned::new(future.in_current_context().carrying(Carry::Only(None))))
}

/// The same with the [deadline](crate::deadline) that is current here: for work whose answer is waited for.
///
/// The task is not cut off at the deadline; the calls under a time limit in it are.
///
/// # Panics
///
/// Outside of a tokio runtime, as `tokio::spawn` does.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::{context, deadline};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), tokio::task::JoinError> {
/// let call = async {
///     let (alone, along) = (
///         context::spawn(async { deadline::remaining() }),
///         context::spawn_within_deadline(async { deadline::remaining() }),
///     );
///     Ok((alone.await?, along.await?))
/// };
/// let left = deadline::scope(Duration::from_secs(2), call).await?;
/// assert_eq!(left, (None, Some(Duration::from_secs(2))));
/// # Ok(())
/// # }
/// ```
#[track_caller]
pub fn spawn_within_deadline<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tokio::spawn(Spawned::new(future.in_current_context().with_deadline()))
}

/// Runs `operation` where it may block, as `tokio::task::spawn_blocking` does, in the context that is current here.
/// A shutdown of the program waits for it. It has no deadline; `tokio::task::spawn_blocking` and
/// [`Carried::with_deadline`] give it one.
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
