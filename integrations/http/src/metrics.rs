use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use mainstay_runtime::{
    clock::{self, Instant},
    metrics::{Buckets, Counter, Family, Histogram, HttpStatus, IntGauge, LabelValue, MetricError, Registry},
};

/// The metrics of an HTTP server, whichever framework it is made with.
///
/// [`standard`](Self::standard) names them as OpenTelemetry's semantic conventions do, in the spelling of Prometheus;
/// [`compatible`](Self::compatible) as earlier services did.
///
/// | standard | compatible |
/// |---|---|
/// | `http_server_request_duration_seconds{http_request_method, http_route, http_response_status_code}` | `http_requests_total{method, endpoint, status}`, `http_request_duration_seconds{method, endpoint}`, `<service>_requests_total{endpoint, status}`, `requests_total` |
/// | `http_server_active_requests{http_request_method}` | `http_requests_in_progress` |
///
/// The endpoint is the route as it is written, `/users/{id}`, and not the path of the request: that has no bounds.
///
/// ```
/// use mainstay_prometheus::{HttpMetrics, Method};
/// use mainstay_runtime::metrics::{Registry, TextFormat};
///
/// let registry = Registry::new();
/// let metrics = HttpMetrics::compatible(&registry, "prophet")?;
/// metrics.begin(Method::GET, "/users/{id}").end(200);
///
/// let text = registry.encode(TextFormat::Prometheus);
/// assert!(text.contains("http_requests_total{method=\"GET\",endpoint=\"/users/{id}\",status=\"200\"} 1\n"));
/// assert!(text.contains("prophet_requests_total{endpoint=\"/users/{id}\",status=\"200\"} 1\n"));
/// # Ok::<(), mainstay_runtime::metrics::MetricError>(())
/// ```
#[derive(Debug, Clone)]
pub struct HttpMetrics(Names);

type Of<L, M> = Arc<Family<L, M>>;

#[derive(Debug, Clone)]
enum Names {
    Standard {
        durations: Of<(Method, &'static str, HttpStatus), Histogram>,
        active: Of<(Method,), IntGauge>,
    },
    Compatible {
        requests: Of<(Method, &'static str, HttpStatus), Counter>,
        durations: Of<(Method, &'static str), Histogram>,
        of_service: Of<(&'static str, HttpStatus), Counter>,
        all: Arc<Counter>,
        active: Arc<IntGauge>,
    },
}

/// The method of a request; what HTTP does not define is `_OTHER`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Method(&'static str);

impl Method {
    /// `GET`.
    pub const GET: Self = Self("GET");
    /// `POST`.
    pub const POST: Self = Self("POST");
    /// `PUT`.
    pub const PUT: Self = Self("PUT");
    /// `DELETE`.
    pub const DELETE: Self = Self("DELETE");
    /// `PATCH`.
    pub const PATCH: Self = Self("PATCH");
    /// `HEAD`.
    pub const HEAD: Self = Self("HEAD");
    /// `OPTIONS`.
    pub const OPTIONS: Self = Self("OPTIONS");
    /// `CONNECT`.
    pub const CONNECT: Self = Self("CONNECT");
    /// `TRACE`.
    pub const TRACE: Self = Self("TRACE");
    /// Any other, as OpenTelemetry calls it.
    pub const OTHER: Self = Self("_OTHER");

    /// The method of that name, in capitals.
    pub fn of(name: &str) -> Self {
        let known = [
            Self::GET,
            Self::POST,
            Self::PUT,
            Self::DELETE,
            Self::PATCH,
            Self::HEAD,
            Self::OPTIONS,
            Self::CONNECT,
            Self::TRACE,
        ];
        known.into_iter().find(|method| method.0 == name).unwrap_or(Self::OTHER)
    }
}

impl LabelValue for Method {
    fn label(&self) -> Cow<'static, str> {
        Cow::Borrowed(self.0)
    }
}

impl HttpMetrics {
    /// By the names of OpenTelemetry's semantic conventions.
    ///
    /// # Errors
    /// The registry has one of the names for something else.
    pub fn standard(registry: &Registry) -> Result<Self, MetricError> {
        Ok(Self(Names::Standard {
            durations: registry.histograms(
                "http_server_request_duration_seconds",
                "Duration of HTTP server requests.",
                ["http_request_method", "http_route", "http_response_status_code"],
                Buckets::seconds(),
            )?,
            active: registry.int_gauges(
                "http_server_active_requests",
                "Number of active HTTP server requests.",
                ["http_request_method"],
            )?,
        }))
    }

    /// By the names of earlier services.
    ///
    /// # Errors
    /// The registry has one of the names for something else, or `service` is no name for Prometheus.
    pub fn compatible(registry: &Registry, service: &str) -> Result<Self, MetricError> {
        Ok(Self(Names::Compatible {
            requests: registry.counters(
                "http_requests_total",
                "Total HTTP requests",
                ["method", "endpoint", "status"],
            )?,
            durations: registry.histograms(
                "http_request_duration_seconds",
                "HTTP request duration",
                ["method", "endpoint"],
                Buckets::new([0.01, 0.05, 0.1, 0.5, 1.0, 5.0])?,
            )?,
            of_service: registry.counters(
                &format!("{service}_requests_total"),
                "Total requests of the service",
                ["endpoint", "status"],
            )?,
            all: registry.counter("requests_total", "Total requests")?,
            active: registry.int_gauge("http_requests_in_progress", "HTTP requests in progress")?,
        }))
    }

    /// A request begins. `route` is the pattern that it matched.
    pub fn begin(&self, method: Method, route: &'static str) -> HttpRequest<'_> {
        match &self.0 {
            Names::Standard { active, .. } => active.get(&(method,)).increment(),
            Names::Compatible { active, .. } => active.increment(),
        }
        HttpRequest { metrics: self, method, route, started: clock::now(), status: None }
    }

    fn end(&self, method: Method, route: &'static str, took: Duration, status: Option<u16>) {
        let seconds = took.as_secs_f64();
        match &self.0 {
            Names::Standard { durations, active } => {
                if let Some(status) = status {
                    durations.get(&(method, route, HttpStatus::new(status))).observe(seconds);
                }
                active.get(&(method,)).decrement();
            }
            Names::Compatible { requests, durations, of_service, all, active } => {
                if let Some(status) = status.map(HttpStatus::new) {
                    requests.get(&(method, route, status)).increment();
                    durations.get(&(method, route)).observe(seconds);
                    of_service.get(&(route, status)).increment();
                    all.increment();
                }
                active.decrement();
            }
        }
    }
}

/// A request that is being answered. Dropped without an end, its client went away: it is active no more, and that is all.
#[must_use = "a request that is dropped at once counts as one whose client went away"]
pub struct HttpRequest<'a> {
    metrics: &'a HttpMetrics,
    method: Method,
    route: &'static str,
    started: Instant,
    status: Option<u16>,
}

impl HttpRequest<'_> {
    /// It has been answered with that status.
    pub fn end(mut self, status: u16) {
        self.status = Some(status);
    }
}

impl Drop for HttpRequest<'_> {
    fn drop(&mut self) {
        let took = clock::now().saturating_since(self.started);
        self.metrics.end(self.method, self.route, took, self.status);
    }
}

impl fmt::Debug for HttpRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("route", &self.route)
            .finish_non_exhaustive()
    }
}
