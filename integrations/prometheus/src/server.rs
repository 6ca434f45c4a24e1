use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, atomic::AtomicUsize},
};

use mainstay_runtime::metrics::{Collect, registry};
use mainstay_serve::{Limits, Purpose, start};
use prometheus_client::registry::Registry;
use tokio::runtime::Handle;

use crate::{
    BuildInfo, IdempotencyHits, ProcessMetrics, ServerError, ServingMetrics, TokioMetrics, answer::Answers,
    sources::Sources,
};

static PURPOSE: Purpose =
    Purpose { what: "metrics", variable: "METRICS_PORT", port: 9090, thread: "mainstay-metrics" };

/// Serves metrics at `/metrics`, on a thread and a runtime of its own: it answers also while the program's runtime is stuck,
/// which is when somebody wants to know.
///
/// ```no_run
/// use mainstay_prometheus::{BuildInfo, MetricsServer};
///
/// let serving = MetricsServer::new()
///     .build_info(BuildInfo::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")))
///     .start_in_background()?;
/// println!("metrics at http://{}/metrics", serving.address());
/// # Ok::<(), mainstay_prometheus::ServerError>(())
/// ```
///
/// | what | default |
/// |---|---|
/// | address | `0.0.0.0`, port `METRICS_PORT` or 9090 |
/// | metrics | [`registry()`], the process's, and those of the tokio runtime it is started in |
/// | format | Prometheus text 0.0.4, or OpenMetrics 1.0 with exemplars for those who ask for it; gzip likewise |
#[derive(Debug)]
#[must_use = "nothing is served before `start_in_background`"]
pub struct MetricsServer {
    host: IpAddr,
    port: Option<u16>,
    own_registry: bool,
    process: bool,
    runtime: Option<Handle>,
    sources: Sources,
}

impl MetricsServer {
    /// A server at the defaults.
    pub fn new() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            port: None,
            own_registry: true,
            process: true,
            runtime: None,
            sources: Sources::default(),
        }
    }

    /// The address of the network interface; `0.0.0.0`, the default, is all of them.
    pub fn host(mut self, host: impl Into<IpAddr>) -> Self {
        self.host = host.into();
        self
    }

    /// The port, whatever `METRICS_PORT` says; 0 for any that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Serves these metrics as well: another [`Registry`](mainstay_runtime::metrics::Registry), or whatever gives some.
    pub fn also(mut self, source: impl Collect + 'static) -> Self {
        self.sources.ours.push(Arc::new(source));
        self
    }

    /// Serves a registry of the official client, `prometheus-client`, as well. A family whose name is there already is left
    /// out.
    pub fn also_client(mut self, registry: Arc<Registry>) -> Self {
        self.sources.theirs.push(registry);
        self
    }

    /// Serves what [`also`](Self::also) names, and not the [`registry()`] of the program.
    pub fn without_default_registry(mut self) -> Self {
        self.own_registry = false;
        self
    }

    /// Leaves the [`ProcessMetrics`] out.
    pub fn without_process_metrics(mut self) -> Self {
        self.process = false;
        self
    }

    /// Shows what was built.
    pub fn build_info(self, info: BuildInfo) -> Self {
        self.also(info)
    }

    /// Shows how that tokio runtime is doing. Unless this is said, it is the one in which the server is started.
    pub fn runtime(mut self, runtime: Handle) -> Self {
        self.runtime = Some(runtime);
        self
    }

    /// Shows `idempotency_hits_total{operation}` too, the name of earlier services. Those of HTTP servers are made with
    /// [`HttpMetrics::compatible`](crate::HttpMetrics::compatible).
    pub fn compatible_names(self) -> Self {
        self.also(IdempotencyHits)
    }

    /// Starts it on a thread of its own. It serves until the program ends, or until what this gives is told to stop.
    ///
    /// # Errors
    /// `METRICS_PORT` is no port, somebody else listens there, or the system gives no thread.
    pub fn start_in_background(mut self) -> Result<ServingMetrics, ServerError> {
        let listener = PURPOSE.listen(self.host, self.port)?;
        if self.own_registry {
            self.sources.ours.insert(0, Arc::new(registry()));
        }
        if self.process {
            self.sources.ours.push(Arc::new(ProcessMetrics));
        }
        if let Some(runtime) = self.runtime.or_else(|| Handle::try_current().ok()) {
            self.sources.ours.push(Arc::new(TokioMetrics::new(runtime)));
        }
        let answers = Arc::new(Answers { sources: Arc::new(self.sources), length: AtomicUsize::new(0) });
        let answer = move |request, _| {
            let answers = Arc::clone(&answers);
            async move { answers.answer(&request) }
        };
        start(&PURPOSE, listener, Limits::default(), answer, std::future::pending()).map(ServingMetrics::new)
    }
}

impl Default for MetricsServer {
    fn default() -> Self {
        Self::new()
    }
}
