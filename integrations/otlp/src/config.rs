use std::{fmt, time::Duration};

use mainstay_runtime::trace::{Attribute, AttributeValue};

/// Where spans go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exporter {
    /// To a collector, over OTLP.
    Otlp(Protocol),
    /// To the standard output.
    Stdout(Format),
    /// Nowhere. Spans still have ids, which log lines and headers carry.
    None,
}

/// How OTLP is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// Over HTTP with binary messages, by default to port 4318.
    Http,
    /// Over HTTP with messages in JSON, by default to port 4318: larger and slower, for where somebody wants to read them.
    HttpJson,
    /// Over gRPC, by default to port 4317. Needs the feature `otlp-grpc` of the crate `mainstay`.
    Grpc,
}

/// How spans are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Format {
    /// For people: a line for each span.
    #[default]
    Line,
    /// For programs: OTLP's own JSON, a line for each span, as the OpenTelemetry Collector's file receiver reads it.
    Json,
}

/// How tracing is set up: for [`setup_tracing`](crate::setup_tracing).
///
/// What is not said here is taken from the environment, and else has the default named.
///
/// ```no_run
/// use mainstay_otlp::{Exporter, Protocol, TracingConfig, setup_tracing};
///
/// let tracing = setup_tracing(
///     TracingConfig::new("orders")
///         .exporter(Exporter::Otlp(Protocol::Http))
///         .endpoint("http://jaeger:4318")
///         .environment("production")
///         .sample_rate(0.1),
/// )?;
/// # Ok::<(), mainstay_otlp::SetupError>(())
/// ```
#[derive(Clone, Default)]
#[must_use = "it does nothing until it is given to `setup_tracing`"]
pub struct TracingConfig {
    pub(crate) service_name: Option<String>,
    pub(crate) service_version: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) exporter: Option<Exporter>,
    pub(crate) endpoint: Option<String>,
    pub(crate) traces_endpoint: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) sample_rate: Option<f64>,
    pub(crate) gzip: Option<bool>,
    pub(crate) request_timeout: Option<Duration>,
    pub(crate) export_timeout: Option<Duration>,
    pub(crate) queue_size: Option<usize>,
    pub(crate) batch_size: Option<usize>,
    pub(crate) delay: Option<Duration>,
    pub(crate) drop_deadline: Option<Duration>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) tls_root: Option<Vec<u8>>,
    pub(crate) tls_identity: Option<(Vec<u8>, Vec<u8>)>,
    pub(crate) is_alone: bool,
}

impl TracingConfig {
    /// For a service of that name: `service.name` in its spans.
    pub fn new(service_name: impl Into<String>) -> Self {
        Self { service_name: Some(service_name.into()), ..Self::default() }
    }

    /// For a service whose name the environment says, in `OTEL_SERVICE_NAME` or `OTEL_RESOURCE_ATTRIBUTES`. Default
    /// `unknown_service:` and the name of the program.
    pub fn from_env() -> Self {
        Self::default()
    }

    /// Which version of the service this is, such as `env!("CARGO_PKG_VERSION")`. Default: nothing is said.
    pub fn service_version(mut self, version: impl Into<String>) -> Self {
        self.service_version = Some(version.into());
        self
    }

    /// Where the service runs: `development`, `staging`, `production`. Default: `ENVIRONMENT`, or nothing is said. In
    /// `production` the sample rate is 0.1 by default, and everywhere else 1.
    pub fn environment(mut self, environment: impl Into<String>) -> Self {
        self.environment = Some(environment.into());
        self
    }

    /// Where spans go. Default: `OTEL_TRACES_EXPORTER` and `OTEL_EXPORTER_OTLP_PROTOCOL`, or OTLP over HTTP.
    pub fn exporter(mut self, exporter: Exporter) -> Self {
        self.exporter = Some(exporter);
        self
    }

    /// Where the collector is, such as `http://jaeger:4318`. Over HTTP `/v1/traces` is added, unless it ends so. Default:
    /// `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`, `JAEGER_ENDPOINT`, or port 4318 (gRPC: 4317) of
    /// this machine.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// The same to the last character: nothing is added to its path.
    pub fn traces_endpoint(mut self, url: impl Into<String>) -> Self {
        self.traces_endpoint = Some(url.into());
        self
    }

    /// A header of all requests, such as the key of a vendor. Beside those of `OTEL_EXPORTER_OTLP_HEADERS`.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Which share of all traces is recorded, from 0 to 1; a span with a parent follows it. Default: `OTEL_TRACES_SAMPLER`,
    /// `TRACE_SAMPLE_RATE`, or 0.1 in production and 1 elsewhere.
    pub fn sample_rate(mut self, share: f64) -> Self {
        self.sample_rate = Some(share);
        self
    }

    /// Whether requests are compressed. Default: `OTEL_EXPORTER_OTLP_COMPRESSION`, or no.
    pub fn gzip(mut self, yes: bool) -> Self {
        self.gzip = Some(yes);
        self
    }

    /// How long the collector may take to answer a request. Default: `OTEL_EXPORTER_OTLP_TIMEOUT`, or 10 s.
    pub fn request_timeout(mut self, limit: Duration) -> Self {
        self.request_timeout = Some(limit);
        self
    }

    /// How long a batch is tried until it is given up and counted as dropped. Default: `OTEL_BSP_EXPORT_TIMEOUT`, or 30 s.
    pub fn export_timeout(mut self, limit: Duration) -> Self {
        self.export_timeout = Some(limit);
        self
    }

    /// How many ended spans may wait to be sent. What comes when there are so many is dropped and counted. Default:
    /// `OTEL_BSP_MAX_QUEUE_SIZE`, or 16,384.
    pub fn queue_size(mut self, spans: usize) -> Self {
        self.queue_size = Some(spans);
        self
    }

    /// How many spans are sent at once. Default: `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`, or 512.
    pub fn batch_size(mut self, spans: usize) -> Self {
        self.batch_size = Some(spans);
        self
    }

    /// How long an ended span waits for others to be sent with. Default: `OTEL_BSP_SCHEDULE_DELAY`, or 5 s.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// How long a guard that is dropped sends what is left. Default 5 s.
    pub fn drop_deadline(mut self, deadline: Duration) -> Self {
        self.drop_deadline = Some(deadline);
        self
    }

    /// One more attribute of the resource: of all that this process sends.
    pub fn attribute(mut self, key: impl Into<String>, value: impl Into<AttributeValue>) -> Self {
        self.attributes.push(Attribute::new(key.into(), value));
        self
    }

    /// The certificates, in PEM, of those who may vouch for a collector at `https://…`. Default:
    /// `OTEL_EXPORTER_OTLP_CERTIFICATE`, or whom the system trusts.
    #[cfg(feature = "tls")]
    pub fn tls_root(mut self, certificates: impl Into<Vec<u8>>) -> Self {
        self.tls_root = Some(certificates.into());
        self
    }

    /// The certificates and the key, in PEM, that this process proves itself with. Default:
    /// `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE` and `OTEL_EXPORTER_OTLP_CLIENT_KEY`, or none.
    #[cfg(feature = "tls")]
    pub fn tls_identity(mut self, certificates: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.tls_identity = Some((certificates.into(), key.into()));
        self
    }

    /// Asks no environment variable: what is not said here has its default.
    pub fn without_environment(mut self) -> Self {
        self.is_alone = true;
        self
    }
}

/// Without what may be secret: the values of headers, and keys.
impl fmt::Debug for TracingConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("TracingConfig")
            .field("service_name", &self.service_name)
            .field("environment", &self.environment)
            .field("exporter", &self.exporter)
            .field("endpoint", &self.endpoint)
            .field("sample_rate", &self.sample_rate)
            .field("headers", &headers)
            .finish_non_exhaustive()
    }
}
