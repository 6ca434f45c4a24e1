use std::{fmt, net::SocketAddr};

use mainstay_serve::Running;

/// An [`OpsServer`](crate::OpsServer) or [`HealthServer`](crate::HealthServer) that runs. Dropped, it goes on;
/// [`stop`](Self::stop) ends it.
pub struct ServingOps(pub(crate) Running);

impl ServingOps {
    /// Where it listens, with the port it got if it was to be any.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// Stops listening, lets the answers under way be finished, five seconds at most, closes the streams of open pages, and
    /// gives the port back. Waits for that; a second time it does nothing.
    pub fn stop(&self) {
        self.0.stop();
    }
}

impl fmt::Debug for ServingOps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServingOps").field("address", &self.address()).finish_non_exhaustive()
    }
}
