use std::{
    fmt, io,
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use mainstay_runtime::shutdown::{self, Telemetry};
use tokio::{
    net,
    runtime::Builder,
    sync::{Semaphore, oneshot},
    time,
};

use crate::{ServerError, answer::Answers};

/// How many connections there may be: Prometheus has one.
const CONNECTIONS: usize = 64;
/// How long a client may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the answers under way may take when it is told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// A [`MetricsServer`](crate::MetricsServer) that runs. Dropped, it goes on; [`stop`](Self::stop) ends it, and so does the end of the
/// program's shutdown.
pub struct ServingMetrics {
    address: SocketAddr,
    running: Arc<Running>,
}

type Running = Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>;

/// Stops listening and lets the answers under way be finished.
fn stop(running: &Running) {
    let running = running.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some((stop, thread)) = running else { return };
    drop(stop);
    if thread.join().is_err() {
        tracing::error!(target: "mainstay", "the thread that served metrics had panicked");
    }
}

impl ServingMetrics {
    pub(crate) fn start(
        listener: TcpListener,
        address: SocketAddr,
        answers: Answers,
    ) -> Result<Self, ServerError> {
        let at = |error| ServerError::Thread { error };
        let runtime = Builder::new_current_thread().enable_io().enable_time().build().map_err(at)?;
        let listener = {
            let _entered = runtime.enter();
            net::TcpListener::from_std(listener).map_err(at)?
        };
        let (stop, stopped) = oneshot::channel();
        let serve = move || runtime.block_on(serve(listener, Arc::new(answers), stopped));
        let thread = thread::Builder::new().name("mainstay-metrics".to_owned()).spawn(serve).map_err(at)?;
        let running = Arc::new(Mutex::new(Some((stop, thread))));
        let at_shutdown = Arc::clone(&running);
        let ends = move |_| {
            self::stop(&at_shutdown);
            true
        };
        shutdown::on_flush("metrics", Telemetry::Metrics, ends).forever();
        Ok(Self { address, running })
    }

    /// Where it listens, with the port it got if it was to be any.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops listening, lets the answers under way be finished, five seconds at most, and gives the port back. Waits for
    /// that; a second time it does nothing.
    pub fn stop(&self) {
        stop(&self.running);
    }
}

impl fmt::Debug for ServingMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServingMetrics").field("address", &self.address).finish_non_exhaustive()
    }
}

async fn serve(listener: net::TcpListener, answers: Arc<Answers>, mut stopped: oneshot::Receiver<()>) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            _ = &mut stopped => break,
        };
        let (stream, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // No more files, for one: it passes, and trying at once would not help.
                tracing::warn!(target: "mainstay", "a request for metrics was not taken: {error}");
                time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let answers = Arc::clone(&answers);
        let service = service_fn(move |request| {
            let answers = Arc::clone(&answers);
            async move { answers.answer(&request) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(PATIENCE)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(target: "mainstay", "a request for metrics ended early: {error}");
            }
            drop(place);
        });
    }
    drop(listener);
    // Who is still being answered then is cut off with the runtime.
    let _ = time::timeout(LAST_ANSWERS, graceful.shutdown()).await;
}

async fn accept(
    listener: &net::TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(net::TcpStream, Option<tokio::sync::OwnedSemaphorePermit>)> {
    // The semaphore is never closed.
    let place = Arc::clone(places).acquire_owned().await.ok();
    let (stream, _) = listener.accept().await?;
    Ok((stream, place))
}
