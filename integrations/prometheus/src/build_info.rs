use mainstay_runtime::metrics::{Collect, Descriptor, LabelSet, MetricError, MetricKind, Sample, Sink};

/// What was built: `build_info{service, version, revision} 1`, for a graph to show when a version went out.
///
/// ```
/// use mainstay_prometheus::{BuildInfo, MetricsServer};
///
/// let info = BuildInfo::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")).revision(option_env!("GIT_SHA"));
/// let server = MetricsServer::new().build_info(info);
/// # let _ = server;
/// ```
#[derive(Debug, Clone)]
pub struct BuildInfo {
    service: String,
    version: String,
    revision: Option<String>,
}

impl BuildInfo {
    /// That service in that version: `env!("CARGO_PKG_NAME")`, `env!("CARGO_PKG_VERSION")`.
    pub fn new(service: impl Into<String>, version: impl Into<String>) -> Self {
        Self { service: service.into(), version: version.into(), revision: None }
    }

    /// The commit it was built from.
    #[must_use]
    pub fn revision(mut self, revision: Option<impl Into<String>>) -> Self {
        self.revision = revision.map(Into::into);
        self
    }
}

impl Collect for BuildInfo {
    fn collect(&self, sink: &mut dyn Sink) {
        let family: Result<_, MetricError> =
            Descriptor::new("build_info", "The version that is running.", MetricKind::Info);
        if family.is_ok_and(|family| sink.family(&family)) {
            let labels = LabelSet::new([
                ("service", self.service.as_str()),
                ("version", self.version.as_str()),
                ("revision", self.revision.as_deref().unwrap_or_default()),
            ]);
            sink.sample(&labels, Sample::Info);
        }
    }
}
