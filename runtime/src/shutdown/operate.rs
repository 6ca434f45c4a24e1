//! Runs a handler where it belongs, and hears how it ends.

use std::{
    any::Any,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::Duration,
};

use tokio::{runtime::Handle, task::AbortHandle};

use super::{HandlerState, core::Core, entry::Entry, handler::Operation};
use crate::clock;

/// An async handler that has begun.
#[derive(Debug, Clone)]
pub(super) struct Running {
    task: AbortHandle,
    /// It holds a thread of the runtime right now.
    is_polled: Arc<AtomicBool>,
}

impl Running {
    /// Ends it at its next `.await`; whether it is at one. What holds its thread goes on until then.
    pub(super) fn cancel(&self) -> bool {
        self.task.abort();
        !self.holds_thread()
    }

    pub(super) fn holds_thread(&self) -> bool {
        self.is_polled.load(Ordering::Acquire) && !self.task.is_finished()
    }
}

/// Begins it. What is returned ends it; what blocks cannot be ended.
pub(super) fn begin(
    core: &Arc<Core>,
    handle: &Handle,
    entry: &Entry,
    operation: Operation,
) -> Option<Running> {
    let (core, id) = (Arc::clone(core), entry.id);
    match operation {
        Operation::Async(make) => {
            let is_polled = Arc::new(AtomicBool::new(false));
            let polled = Arc::clone(&is_polled);
            // Made within the first poll, as what makes the future may block as well.
            let mut future = Box::pin(async move { make().await });
            let task = handle.spawn(poll_fn(move |cx| {
                polled.store(true, Ordering::Release);
                let result = future.as_mut().poll(cx);
                polled.store(false, Ordering::Release);
                result
            }));
            let running = Running { task: task.abort_handle(), is_polled };
            handle.spawn(async move {
                let state = match task.await {
                    Ok(result) => state_of(result),
                    Err(error) => match error.try_into_panic() {
                        Ok(panic) => HandlerState::Panicked(message_of(&*panic)),
                        Err(_) => HandlerState::Failed("it was cancelled".into()),
                    },
                };
                core.settle(id, state);
            });
            Some(running)
        }
        Operation::Blocking(run) => {
            let (inside, runtime) = (Arc::clone(&core), handle.clone());
            let clock = clock::IS_PAUSABLE.then(|| HeldClock::new(handle));
            let run = move || {
                let _runtime = runtime.enter();
                let state = match catch_unwind(AssertUnwindSafe(run)) {
                    Ok(result) => state_of(result),
                    Err(panic) => HandlerState::Panicked(message_of(&*panic)),
                };
                inside.settle(id, state);
                drop(clock);
            };
            // Not on the runtime's threads for blocking work: a runtime that goes waits for those.
            let thread = std::thread::Builder::new().name("mainstay-handler".into());
            if let Err(error) = thread.spawn(run) {
                core.settle(id, HandlerState::Failed(format!("no thread can be had: {error}")));
            }
            None
        }
    }
}

/// Keeps a paused clock where it is while a thread works that the runtime knows nothing of: it would run on to the end of the
/// handler's time. A thread that hangs is not waited for so long that the test hangs with it.
struct HeldClock {
    _ended: mpsc::Sender<()>,
}

impl HeldClock {
    fn new(runtime: &Handle) -> Self {
        let (ended, wait) = mpsc::channel::<()>();
        // What ends the wait is that the sender goes.
        runtime.spawn_blocking(move || wait.recv_timeout(Duration::from_secs(2)).is_ok());
        Self { _ended: ended }
    }
}

fn state_of(result: Result<(), String>) -> HandlerState {
    match result {
        Ok(()) => HandlerState::Done,
        Err(error) => HandlerState::Failed(error),
    }
}

pub(super) fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}
