//! A thread of our own for what must not depend on the caller's runtime.

use std::{future::Future, sync::OnceLock};

use tokio::runtime::{Builder, Handle, RuntimeFlavor};

use crate::context::Carried;

/// The runtime on which stores keep their connections. It has one thread of its own, started when it is first asked for.
///
/// A connection that is driven here goes on when the runtime that first used it is gone, as after each `#[tokio::test]`,
/// and answers sync callers that block a runtime's only thread.
///
/// # Errors
/// The operating system gives no thread, or no timers and sockets for it.
pub fn io() -> std::io::Result<&'static Handle> {
    static IO: OnceLock<Handle> = OnceLock::new();
    if let Some(handle) = IO.get() {
        return Ok(handle);
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    let kept = IO.get_or_init(|| handle.clone());
    if kept.id() == handle.id() {
        std::thread::Builder::new()
            .name("mainstay-io".into())
            .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    } else {
        // Another thread was first. A plain drop panics where the caller runs inside a runtime.
        runtime.shutdown_background();
    }
    Ok(kept)
}

/// Waits for `future` on this thread, whatever runs here: no runtime, a worker of one, or the only thread of one.
///
/// # Errors
/// Those of [`io`].
///
/// # Panics
/// If `future` does.
pub fn block_on<F>(future: F) -> std::io::Result<F::Output>
where
    F: Future + Send,
    F::Output: Send,
{
    match Handle::try_current() {
        Err(_) => Ok(io()?.block_on(future)),
        Ok(current) if current.runtime_flavor() == RuntimeFlavor::MultiThread => {
            Ok(tokio::task::block_in_place(|| current.block_on(future)))
        }
        // A thread inside a runtime may not enter another, so one that is outside does it.
        Ok(_) => {
            let io = io()?;
            let carried = Carried::here();
            let run = || carried.scope(|| io.block_on(future));
            let output = std::thread::scope(|scope| scope.spawn(run).join());
            output.map_or_else(|panic| std::panic::resume_unwind(panic), Ok)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn told_by_the_io_thread() -> u32 {
        let (tell, told) = tokio::sync::oneshot::channel();
        io().unwrap().spawn(async move {
            tokio::task::yield_now().await;
            tell.send(7).unwrap();
        });
        told.await.unwrap()
    }

    #[test]
    fn a_sync_caller_waits_without_any_runtime() {
        assert_eq!(block_on(told_by_the_io_thread()).unwrap(), 7);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn a_sync_caller_waits_on_a_worker() {
        assert_eq!(block_on(told_by_the_io_thread()).unwrap(), 7);
    }

    #[tokio::test]
    async fn a_sync_caller_waits_on_the_only_thread_of_a_runtime() {
        assert_eq!(block_on(told_by_the_io_thread()).unwrap(), 7);
    }

    #[test]
    fn connections_outlive_the_runtime_that_opened_them() {
        let of_a_runtime = |n: u32| {
            let runtime = Builder::new_current_thread().build().unwrap();
            runtime.block_on(async move { told_by_the_io_thread().await + n })
        };
        assert_eq!(of_a_runtime(1) + of_a_runtime(2), 17);
    }
}
