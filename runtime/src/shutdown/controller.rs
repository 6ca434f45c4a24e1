use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use tokio::task::JoinHandle;

use super::{
    AtDrain, FlushHook, Handler, HandlerOutput, Outcome, Place, Progress, Reason, Registration,
    ShutdownConfig, ShutdownError, Telemetry, Work, core::Core, level::Level, run, tasks,
};
use crate::Name;

/// Brings a program to its end in good order. Cloning it copies a pointer.
///
/// The order is always this:
///
/// 1. A signal comes, or [`trigger`](Self::trigger) is called. The program is not ready any more from that moment on.
/// 2. **Pre-drain**: it goes on serving, so that load balancers have time to notice. Handlers of [`Phase::Announce`](super::Phase) run.
/// 3. **Drain**: no new work is accepted, and what is in flight ends.
/// 4. **Handlers** run by phase, each in its own time. One that fails, panics or hangs stops no other.
/// 5. **Telemetry** is sent: spans, then logs.
/// 6. [`run`](Self::run) returns the [`Outcome`], from which `main` makes the exit code.
///
/// All of it together takes no longer than [`timeout`](ShutdownConfig::timeout). A second signal ends the process at once.
///
/// ```
/// use mainstay_runtime::shutdown::{GracefulShutdown, Handler, ShutdownConfig};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), mainstay_runtime::shutdown::ShutdownError> {
/// # async fn serve(until: impl Future<Output = ()>) -> std::io::Result<()> { until.await; Ok(()) }
/// let shutdown = GracefulShutdown::new(ShutdownConfig::new())?;
/// shutdown.on_shutdown(Handler::new("database", || async { /* close it */ }))?;
/// # shutdown.trigger("the example is over");
/// let outcome = shutdown.run(serve(shutdown.draining())).await; // `main` returns this
/// # assert!(outcome.is_clean());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct GracefulShutdown {
    pub(super) core: Arc<Core>,
}

impl GracefulShutdown {
    /// One that hears no signals, knows no annotated functions and is not the program's: for tests, and for parts of a program.
    ///
    /// # Errors
    /// [`ShutdownError::Config`].
    pub fn isolated(config: ShutdownConfig) -> Result<Self, ShutdownError> {
        config.check()?;
        Ok(Self { core: Arc::new(Core::new(config, false)) })
    }

    /// Adds a handler. Within its phase it runs behind those that are there already.
    ///
    /// # Errors
    /// Its name is empty or taken, its `timeout` is zero, it waits for itself by way of others, or its phase is over. What it comes `after` may be registered
    /// later, but before [`run`](Self::run).
    #[track_caller]
    pub fn on_shutdown(&self, handler: Handler) -> Result<Registration, ShutdownError> {
        self.core.register(handler, Place::of_caller())
    }

    /// Begins the shutdown, as a signal does; whether it had not begun.
    pub fn trigger(&self, reason: impl Into<Reason>) -> bool {
        self.core.trigger(reason.into())
    }

    /// How far it has come. Answers from any thread at any time.
    pub fn progress(&self) -> Progress {
        self.core.progress()
    }

    /// Whether a shutdown has begun: the program is not ready any more.
    pub fn has_begun(&self) -> bool {
        self.core.has_begun()
    }

    /// Whether no new work is to be taken.
    pub fn is_draining(&self) -> bool {
        self.core.levels.is(Level::Draining)
    }

    /// Ready when a shutdown begins. The program still serves then.
    pub fn begun(&self) -> impl Future<Output = ()> + Send + use<> {
        let core = Arc::clone(&self.core);
        async move { core.levels.reached(Level::Begun).await }
    }

    /// Ready when no new work is to be taken: where a loop that fetches work ends.
    pub fn draining(&self) -> impl Future<Output = ()> + Send + use<> {
        let core = Arc::clone(&self.core);
        async move { core.levels.reached(Level::Draining).await }
    }

    /// Work of that name, which is waited for. The same name is the same work.
    pub fn work(&self, name: impl Into<Name>) -> Work {
        self.core.work(name.into())
    }

    /// Starts a task of that name, as [`mainstay::spawn`](crate::context::spawn) does, and says what becomes of it at the drain.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, as `tokio::spawn` does.
    #[track_caller]
    pub fn spawn<F>(&self, name: impl Into<Name>, at_drain: AtDrain, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        tasks::spawn(&self.core, name.into(), at_drain, future)
    }

    /// Sends telemetry at last. `flush` is called on a thread of its own with the time that it has, and says whether all was sent.
    pub fn on_flush(
        &self,
        name: &'static str,
        what: Telemetry,
        flush: impl Fn(Duration) -> bool + Send + Sync + 'static,
    ) -> FlushHook {
        self.core.hooks.add(name, what, flush)
    }

    /// Waits for a signal or [`trigger`](Self::trigger) and then shuts down in order. Dropped before, it does nothing.
    pub async fn wait_for_signal(&self) -> Outcome {
        run::drive(&self.core, None::<std::future::Pending<()>>).await
    }

    /// Runs `server`, and shuts down in order at a signal, at [`trigger`](Self::trigger), or when it ends by itself. It counts as
    /// work in flight: it is to end once it is [`draining`](Self::draining), and is dropped when the time to drain is up.
    pub async fn run<F>(&self, server: F) -> Outcome
    where
        F: Future<Output: HandlerOutput>,
    {
        run::drive(&self.core, Some(server)).await
    }

    /// What `work` gives, or `None` once no new work is to be taken: for loops that fetch work.
    ///
    /// What is left where it is fetched from stays there. See [`accept`](Self::accept) for connections, which would be lost.
    pub fn until_draining<F: Future>(&self, work: F) -> impl Future<Output = Option<F::Output>> + use<F> {
        let (core, draining) = (Arc::clone(&self.core), self.draining());
        async move {
            let (mut work, mut draining) = (pin!(work), pin!(draining));
            // Looked at as well as polled: tokio makes a future wait whose task has done much without a pause.
            poll_fn(|cx| match draining.as_mut().poll(cx) {
                Poll::Ready(()) => Poll::Ready(None),
                Poll::Pending if core.levels.is(Level::Draining) => Poll::Ready(None),
                Poll::Pending => work.as_mut().poll(cx).map(Some),
            })
            .await
        }
    }

    /// The connection that `accept` gives, or `None` once no new work is to be taken and none has been waiting: for loops that
    /// accept connections. Those that the system has accepted for the program by then are taken, up to 1024 of them.
    ///
    /// ```
    /// use mainstay_runtime::{context, shutdown::GracefulShutdown};
    /// use tokio::net::{TcpListener, TcpStream};
    ///
    /// async fn serve(listener: TcpListener, shutdown: GracefulShutdown) -> std::io::Result<()> {
    ///     let connections = shutdown.work("connections");
    ///     while let Some(accepted) = shutdown.accept(listener.accept()).await {
    ///         let (stream, _) = accepted?;
    ///         let open = connections.begin();
    ///         context::spawn(async move {
    ///             let _open = open; // the shutdown waits for it
    ///             talk(stream).await
    ///         });
    ///     }
    ///     Ok(())
    /// }
    /// # async fn talk(_: TcpStream) {}
    /// ```
    pub fn accept<F: Future>(&self, accept: F) -> impl Future<Output = Option<F::Output>> + use<F> {
        let (core, draining) = (Arc::clone(&self.core), self.draining());
        async move {
            let (mut accept, mut draining) = (pin!(accept), pin!(draining));
            poll_fn(|cx| {
                let is_draining = draining.as_mut().poll(cx).is_ready() || core.levels.is(Level::Draining);
                if is_draining && !core.takes_late() {
                    return Poll::Ready(None);
                }
                match accept.as_mut().poll(cx) {
                    Poll::Ready(accepted) => Poll::Ready(Some(accepted)),
                    Poll::Pending if is_draining => Poll::Ready(None),
                    Poll::Pending => Poll::Pending,
                }
            })
            .await
        }
    }
}
