use std::{fmt, net::SocketAddr, sync::Arc};

use mainstay_runtime::shutdown::{self, Telemetry};
use mainstay_serve::Running;

/// A [`MetricsServer`](crate::MetricsServer) that runs. Dropped, it goes on; [`stop`](Self::stop) ends it, and so does the end of the
/// program's shutdown.
pub struct ServingMetrics(Arc<Running>);

impl ServingMetrics {
    pub(crate) fn new(running: Running) -> Self {
        let running = Arc::new(running);
        let at_shutdown = Arc::clone(&running);
        let ends = move |_| {
            at_shutdown.stop();
            true
        };
        shutdown::on_flush("metrics", Telemetry::Metrics, ends).forever();
        Self(running)
    }

    /// Where it listens, with the port it got if it was to be any.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// Stops listening, lets the answers under way be finished, five seconds at most, and gives the port back. Waits for
    /// that; a second time it does nothing.
    pub fn stop(&self) {
        self.0.stop();
    }
}

impl fmt::Debug for ServingMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServingMetrics").field("address", &self.address()).finish_non_exhaustive()
    }
}
