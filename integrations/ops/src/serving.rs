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

    /// The live page's address as a browser on this machine asks for it, such as `http://localhost:8080/`; of a
    /// [`HealthServer`](crate::HealthServer), what its paths begin with.
    ///
    /// `0.0.0.0`, which is every address of this machine, is written as `localhost`.
    pub fn url(&self) -> String {
        url(self.address())
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

fn url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://localhost:{}/", address.port())
    } else {
        format!("http://{address}/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_this_machine_is_written_as_one_that_a_browser_finds() {
        for (address, written) in [
            ("0.0.0.0:8080", "http://localhost:8080/"),
            ("[::]:8080", "http://localhost:8080/"),
            ("127.0.0.1:9", "http://127.0.0.1:9/"),
            ("[::1]:9", "http://[::1]:9/"),
        ] {
            assert_eq!(url(address.parse().unwrap()), written);
        }
    }
}
