use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use hyper::{Method, StatusCode};
use mainstay_runtime::health::{HealthCheck, HealthChecker, checks};
use mainstay_serve::{Limits, Purpose, ServerError, start};

use crate::{
    answer::text,
    probes::{self, Probes},
    routes::not_allowed,
    serving::ServingOps,
};

static PURPOSE: Purpose =
    Purpose { what: "health", variable: "HEALTH_CHECK_PORT", port: 8080, thread: "mainstay-health" };

/// A server for health alone, on a thread and a runtime of its own: it answers also while the program's runtime is stuck.
///
/// ```no_run
/// use mainstay_ops::HealthServer;
/// use mainstay_runtime::health::from_fn;
///
/// let serving = HealthServer::new(from_fn(|| async { true })).start_in_background()?;
/// println!("health at {}health", serving.url());
/// # Ok::<(), mainstay_ops::ServerError>(())
/// ```
///
/// It answers `/health`, `/health/live`, `/health/ready` and `/health/started` on port `HEALTH_CHECK_PORT`, or 8080. The
/// [`OpsServer`](crate::OpsServer) does that as well.
#[derive(Debug)]
#[must_use = "nothing is served before `start_in_background`"]
pub struct HealthServer {
    host: IpAddr,
    port: Option<u16>,
    probes: Probes,
}

impl HealthServer {
    /// A server for the program's [`checks()`], of which this is one more.
    pub fn new(check: impl HealthCheck) -> Self {
        checks().add(check);
        Self::of(checks().clone())
    }

    /// A server for that set of checks.
    pub fn of(checker: HealthChecker) -> Self {
        let probes = Probes { checker, microprofile: false };
        Self { host: IpAddr::V4(Ipv4Addr::UNSPECIFIED), port: None, probes }
    }

    /// The address of the network interface; `0.0.0.0`, the default, is all of them, `Ipv4Addr::LOCALHOST` this machine alone.
    pub fn host(mut self, host: impl Into<IpAddr>) -> Self {
        self.host = host.into();
        self
    }

    /// The port, whatever `HEALTH_CHECK_PORT` says; 0 for any that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Answers in the form of MicroProfile Health.
    pub fn microprofile(mut self) -> Self {
        self.probes.microprofile = true;
        self
    }

    /// Starts it on a thread of its own, and says that the checks are [installed](HealthChecker::installed).
    ///
    /// # Errors
    /// `HEALTH_CHECK_PORT` is no port, somebody else listens there, or the system gives no thread.
    pub fn start_in_background(self) -> Result<ServingOps, ServerError> {
        let listener = PURPOSE.listen(self.host, self.port)?;
        self.probes.checker.installed();
        let probes = Arc::new(self.probes);
        let answer = move |request: hyper::Request<hyper::body::Incoming>, _| {
            let probes = Arc::clone(&probes);
            async move {
                match (probes::of(request.uri().path()), request.method()) {
                    (Some(probe), &Method::GET | &Method::HEAD) => probes.answer(probe).await,
                    (Some(_), _) => not_allowed("GET, HEAD"),
                    (None, _) => text(
                        StatusCode::NOT_FOUND,
                        "health is at /health, /health/live, /health/ready and /health/started\n",
                    ),
                }
            }
        };
        start(&PURPOSE, listener, Limits::default(), answer, std::future::pending()).map(ServingOps)
    }
}
