use std::{fmt, future::Future, sync::Arc};

use super::{GracefulShutdown, Handler, Place, ShutdownError};
use crate::Name;

/// Something that is started once and stopped once, such as a client with connections and tasks of its own.
///
/// [`GracefulShutdown::start`] starts it and sees to it that it is stopped.
///
/// ```
/// use mainstay_runtime::shutdown::{GracefulShutdown, Lifecycle, ShutdownConfig, ShutdownError};
///
/// struct Broker;
///
/// impl Lifecycle for Broker {
///     type Error = std::io::Error;
///     async fn start(&self) -> Result<(), Self::Error> { Ok(()) } // connect
///     async fn stop(&self) -> Result<(), Self::Error> { Ok(()) } // end its tasks, close its connections
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ShutdownError> {
/// let shutdown = GracefulShutdown::isolated(ShutdownConfig::new())?;
/// let outcome = shutdown.run(async {
///     let broker = shutdown.start("broker", Broker).await?; // an `Arc<Broker>`
///     // … serve with it …
/// #   drop(broker);
///     Ok::<_, ShutdownError>(())
/// });
/// assert!(outcome.await.is_clean()); // it has been stopped
/// # Ok(())
/// # }
/// ```
pub trait Lifecycle: Send + Sync + 'static {
    /// Why it does not start or stop.
    type Error: fmt::Display;

    /// Connects it and starts its tasks. Default: there is nothing to start.
    ///
    /// # Errors
    /// It could not be started, and has nothing open.
    fn start(&self) -> impl Future<Output = Result<(), Self::Error>> + Send {
        async { Ok(()) }
    }

    /// Ends its tasks and closes its connections.
    ///
    /// # Errors
    /// Something could not be ended in good order.
    fn stop(&self) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

impl<L: Lifecycle> Lifecycle for Arc<L> {
    type Error = L::Error;

    fn start(&self) -> impl Future<Output = Result<(), Self::Error>> + Send {
        L::start(self)
    }

    fn stop(&self) -> impl Future<Output = Result<(), Self::Error>> + Send {
        L::stop(self)
    }
}

impl GracefulShutdown {
    /// Starts a client, and stops it when the program shuts down: in the phase [`Close`](super::Phase::Close) behind all other
    /// handlers, the client that was started last first.
    ///
    /// Call it within [`run`](Self::run), and those that were started before are stopped also if a later one cannot be.
    ///
    /// # Errors
    /// It did not start, or its name is taken.
    #[track_caller]
    pub fn start<L: Lifecycle>(
        &self,
        name: impl Into<Name>,
        client: L,
    ) -> impl Future<Output = Result<Arc<L>, ShutdownError>> + Send {
        let (name, place, shutdown) = (name.into(), Place::of_caller(), self.clone());
        async move {
            let client = Arc::new(client);
            if let Err(error) = client.start().await {
                return Err(ShutdownError::Start { name, error: format!("{error:#}") });
            }
            tracing::info!(target: "mainstay", client = %name, "started");
            let stopped = Arc::clone(&client);
            let mut handler = Handler::new(name, move || async move { stopped.stop().await }).at(place);
            handler.is_client = true;
            match shutdown.on_shutdown(handler) {
                Ok(_) => Ok(client),
                Err(error) => {
                    // Nobody would stop it later.
                    if let Err(problem) = client.stop().await {
                        tracing::warn!(target: "mainstay", error = %problem, "a client could not be stopped");
                    }
                    Err(error)
                }
            }
        }
    }
}
