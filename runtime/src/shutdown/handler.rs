use std::{fmt, future::Future, pin::Pin, time::Duration};

use super::{Phase, Place};
use crate::{ConfigError, Name};

/// What a handler returns: nothing, or a `Result` whose error is logged.
#[diagnostic::on_unimplemented(
    message = "a shutdown handler cannot return `{Self}`",
    label = "returns `{Self}`",
    note = "a handler returns nothing, or a `Result` whose error implements `Display`: it is logged, and the other handlers run nevertheless"
)]
pub trait HandlerOutput {
    /// The error's text.
    ///
    /// # Errors
    /// The handler failed.
    fn into_result(self) -> Result<(), String>;
}

impl HandlerOutput for () {
    fn into_result(self) -> Result<(), String> {
        Ok(())
    }
}

impl<T, E: fmt::Display> HandlerOutput for Result<T, E> {
    fn into_result(self) -> Result<(), String> {
        // With its causes, where the error writes them so.
        self.map(drop).map_err(|error| format!("{error:#}"))
    }
}

/// What a loop without an end returns, whose name is not stable yet.
type Never = <fn() -> ! as Returns>::Output;

trait Returns {
    type Output;
}

impl<T> Returns for fn() -> T {
    type Output = T;
}

#[diagnostic::do_not_recommend]
#[allow(private_interfaces, reason = "it is `!`, which everybody has")]
impl HandlerOutput for Never {
    fn into_result(self) -> Result<(), String> {
        self
    }
}

#[doc(hidden)]
pub type HandlerFuture = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// How a handler is run.
pub(super) enum Operation {
    Async(Box<dyn FnOnce() -> HandlerFuture + Send>),
    Blocking(Box<dyn FnOnce() -> Result<(), String> + Send>),
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Async(_) => "async",
            Self::Blocking(_) => "blocking",
        })
    }
}

/// What is to be done when the program shuts down: the twin of `#[on_shutdown]`, with the same options and defaults.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::shutdown::{GracefulShutdown, Handler, Phase, ShutdownConfig};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), mainstay_runtime::shutdown::ShutdownError> {
/// let shutdown = GracefulShutdown::isolated(ShutdownConfig::new())?;
/// shutdown.on_shutdown(Handler::new("orders", || async { Ok::<_, std::io::Error>(()) }).phase(Phase::Flush))?;
/// shutdown.on_shutdown(Handler::blocking("index", || { /* save it */ }).timeout(Duration::from_secs(3)))?;
/// shutdown.on_shutdown(Handler::new("database", || async { /* close it */ }).after("index"))?;
///
/// shutdown.trigger("the example is over");
/// assert!(shutdown.wait_for_signal().await.is_clean());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a handler runs if it is registered with `on_shutdown`"]
pub struct Handler {
    pub(super) name: Name,
    pub(super) phase: Phase,
    pub(super) after: Vec<Name>,
    pub(super) timeout: Option<Duration>,
    pub(super) place: Option<Place>,
    pub(super) operation: Operation,
    /// Among the clients, which stop in the reverse order of their start.
    pub(super) is_client: bool,
}

impl Handler {
    /// What an async function does.
    pub fn new<F, Fut>(name: impl Into<Name>, operation: F) -> Self
    where
        F: FnOnce() -> Fut + Send + 'static,
        Fut: Future<Output: HandlerOutput> + Send + 'static,
    {
        let operation = move || -> HandlerFuture { Box::pin(async move { operation().await.into_result() }) };
        Self::boxed(name, Box::new(operation))
    }

    pub(super) fn boxed(name: impl Into<Name>, operation: Box<dyn FnOnce() -> HandlerFuture + Send>) -> Self {
        Self::of(name.into(), Operation::Async(operation))
    }

    /// What a sync function does, which may block: it runs on a thread of its own. It cannot be interrupted: when its time is
    /// up the shutdown goes on without it.
    pub fn blocking<F, T>(name: impl Into<Name>, operation: F) -> Self
    where
        F: FnOnce() -> T + Send + 'static,
        T: HandlerOutput,
    {
        Self::of(name.into(), Operation::Blocking(Box::new(move || operation().into_result())))
    }

    fn of(name: Name, operation: Operation) -> Self {
        Self {
            name,
            phase: Phase::default(),
            after: Vec::new(),
            timeout: None,
            place: None,
            operation,
            is_client: false,
        }
    }

    /// When it runs (default: [`Phase::Close`]).
    pub fn phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    /// Runs it after that handler has ended, in whatever way. Call it again for more.
    pub fn after(mut self, handler: impl Into<Name>) -> Self {
        self.after.push(handler.into());
        self
    }

    /// How long it may take, more than zero (default: [`handler_timeout`](super::ShutdownConfig::handler_timeout), and no more
    /// than its share of what is left).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The rules of `#[on_shutdown]`.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.name.as_str().trim().is_empty() {
            return Err(ConfigError::new(
                "name",
                "a handler's name cannot be empty; say what it ends, such as \"database\"",
            ));
        }
        if self.timeout.is_some_and(|timeout| timeout.is_zero()) {
            return Err(ConfigError::new(
                "timeout",
                "no handler could end in no time; give it some, such as five seconds",
            ));
        }
        Ok(())
    }

    pub(super) fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }
}
