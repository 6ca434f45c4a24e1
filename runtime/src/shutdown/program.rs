//! The shutdown of the program.

use std::{
    future::Future,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::task::JoinHandle;

use super::{
    AtDrain, FlushHook, GracefulShutdown, Handler, Place, Progress, Reason, Registration, ShutdownConfig,
    ShutdownError, Telemetry, Work, core::Core, linked, watch,
};
use crate::Name;

static IS_INSTALLED: AtomicBool = AtomicBool::new(false);

/// The program's shutdown, whether it is [installed](GracefulShutdown::new) yet or not.
pub fn of_program() -> &'static GracefulShutdown {
    static PROGRAM: OnceLock<GracefulShutdown> = OnceLock::new();
    PROGRAM.get_or_init(|| GracefulShutdown { core: Arc::new(Core::new(ShutdownConfig::new(), true)) })
}

impl GracefulShutdown {
    /// The program's: hears the signals from here on, and runs the functions under `#[on_shutdown]`. Make it at the beginning of
    /// `main`; [`of_program`] finds it everywhere.
    ///
    /// From the signal on a thread of its own sees to it that the process ends: when its time is up, whatever blocks, and at
    /// once at a second signal.
    ///
    /// # Errors
    /// An option makes no sense, there is one already, a signal cannot be heard, or the annotated functions come after each
    /// other or after one that does not exist.
    pub fn new(config: ShutdownConfig) -> Result<Self, ShutdownError> {
        config.check()?;
        if IS_INSTALLED.swap(true, Ordering::AcqRel) {
            return Err(ShutdownError::AlreadyInstalled);
        }
        let program = of_program().clone();
        program.core.state().config = config;
        linked::register(&program)?;
        watch::start(&program.core, config).map_err(ShutdownError::Signals)?;
        Ok(program)
    }
}

/// Begins the program's shutdown, as a signal does; whether it had not begun.
pub fn trigger(reason: impl Into<Reason>) -> bool {
    of_program().trigger(reason)
}

/// How far the program's shutdown has come. Answers from any thread at any time.
///
/// ```
/// use mainstay_runtime::shutdown::{self, Stage};
///
/// assert_eq!(shutdown::progress().stage, Stage::Running);
/// ```
pub fn progress() -> Progress {
    of_program().progress()
}

/// Ready when the program takes no new work: where a loop that fetches work ends.
pub fn draining() -> impl Future<Output = ()> + Send + use<> {
    of_program().draining()
}

/// Whether the program takes no new work.
pub fn is_draining() -> bool {
    of_program().is_draining()
}

/// Work of that name that the program's shutdown waits for. The same name is the same work.
pub fn work(name: impl Into<Name>) -> Work {
    of_program().work(name)
}

/// Starts a task of that name, as [`mainstay::spawn`](crate::context::spawn) does, and says what becomes of it when the program
/// takes no new work.
///
/// # Panics
///
/// Outside of a tokio runtime, as `tokio::spawn` does.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::shutdown::{self, AtDrain};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let ticker = shutdown::spawn("ticker", AtDrain::Cancel, async {
///     loop {
///         tokio::time::sleep(Duration::from_secs(1)).await;
///     }
/// });
/// # let _: &tokio::task::JoinHandle<()> = &ticker;
/// # }
/// ```
#[track_caller]
pub fn spawn<F>(name: impl Into<Name>, at_drain: AtDrain, future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    of_program().spawn(name, at_drain, future)
}

/// Adds a handler to the program's shutdown: see [`GracefulShutdown::on_shutdown`].
///
/// # Errors
/// Its name is empty or taken, its `timeout` is zero, it waits for itself by way of others, or its phase is over.
#[track_caller]
pub fn on_shutdown(handler: Handler) -> Result<Registration, ShutdownError> {
    let place = Place::of_caller();
    of_program().on_shutdown(handler.at(place))
}

/// Sends telemetry at the end of the program's shutdown: see [`GracefulShutdown::on_flush`].
pub fn on_flush(
    name: &'static str,
    what: Telemetry,
    flush: impl Fn(Duration) -> bool + Send + Sync + 'static,
) -> FlushHook {
    of_program().on_flush(name, what, flush)
}
