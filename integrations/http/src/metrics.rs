use std::{fmt, mem, sync::Arc};

use http::StatusCode;
use mainstay_runtime::{
    clock::{self, Instant},
    metrics::{Buckets, Counter, Family, Histogram, HttpStatus, IntGauge, MetricError, Registry},
};

use crate::{ErrorType, Measure, Method, Scheme, Text};

/// The metrics of an HTTP server, whichever framework it is made with.
///
/// [`standard`](Self::standard) names them as OpenTelemetry's semantic conventions do, in the spelling of Prometheus;
/// [`compatible`](Self::compatible) as earlier services did.
///
/// | standard | compatible |
/// |---|---|
/// | `http_server_request_duration_seconds{http_request_method, url_scheme, http_route, http_response_status_code, error_type}` | `http_requests_total{method, endpoint, status}`, `http_request_duration_seconds{method, endpoint}`, `<service>_requests_total{endpoint, status}`, `requests_total` |
/// | `http_server_active_requests{http_request_method, url_scheme}` | `http_requests_in_progress` |
///
/// The endpoint is the route as it is written, `/users/{id}`, and not the path of the request: that has no bounds.
///
/// ```
/// use mainstay_http::{HttpMetrics, Method};
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
pub struct HttpMetrics(Arc<Names>);

/// How a request was answered, or why it was not.
type Answered = (Method, Scheme, Text, Option<HttpStatus>, Option<ErrorType>);

type Of<L, M> = Arc<Family<L, M>>;

#[derive(Debug)]
enum Names {
    Standard {
        durations: Of<Answered, Histogram>,
        active: Of<(Method, Scheme), IntGauge>,
    },
    Compatible {
        requests: Of<(Method, Text, HttpStatus), Counter>,
        durations: Of<(Method, Text), Histogram>,
        of_service: Of<(Text, HttpStatus), Counter>,
        all: Arc<Counter>,
        active: Arc<IntGauge>,
    },
}

impl HttpMetrics {
    /// By the names of OpenTelemetry's semantic conventions.
    ///
    /// # Errors
    /// The registry has one of the names for something else.
    pub fn standard(registry: &Registry) -> Result<Self, MetricError> {
        Ok(Self(Arc::new(Names::Standard {
            durations: registry.histograms(
                "http_server_request_duration_seconds",
                "How long it took until the head of the response was there.",
                [
                    "http_request_method",
                    "url_scheme",
                    "http_route",
                    "http_response_status_code",
                    "error_type",
                ],
                Buckets::seconds(),
            )?,
            active: registry.int_gauges(
                "http_server_active_requests",
                "Requests that have no response yet.",
                ["http_request_method", "url_scheme"],
            )?,
        })))
    }

    /// By the names of earlier services.
    ///
    /// # Errors
    /// The registry has one of the names for something else, or `service` is no name for Prometheus.
    pub fn compatible(registry: &Registry, service: &str) -> Result<Self, MetricError> {
        Ok(Self(Arc::new(Names::Compatible {
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
        })))
    }

    /// A request begins, over plain HTTP. `route` is the pattern that it matched.
    pub fn begin(&self, method: Method, route: impl Into<Text>) -> HttpRequest {
        self.begin_over(Scheme::Http, method, route)
    }

    /// A request begins. `route` is the pattern that it matched.
    pub fn begin_over(&self, scheme: Scheme, method: Method, route: impl Into<Text>) -> HttpRequest {
        match &*self.0 {
            Names::Standard { active, .. } => active.get(&(method, scheme)).increment(),
            Names::Compatible { active, .. } => active.increment(),
        }
        let (metrics, route) = (self.clone(), route.into());
        HttpRequest { metrics, method, scheme, route, started: clock::now(), has_ended: false }
    }
}

impl Names {
    fn end(&self, request: &HttpRequest, status: Option<HttpStatus>, error: Option<ErrorType>) {
        let &HttpRequest { method, scheme, ref route, started, .. } = request;
        let took = clock::now().saturating_since(started);
        match self {
            Self::Standard { durations, active } => {
                durations.get(&(method, scheme, route.clone(), status, error)).observe_duration(took);
                active.get(&(method, scheme)).decrement();
            }
            Self::Compatible { requests, durations, of_service, all, active } => {
                // Earlier services counted what was answered.
                if let Some(status) = status {
                    requests.get(&(method, route.clone(), status)).increment();
                    durations.get(&(method, route.clone())).observe_duration(took);
                    of_service.get(&(route.clone(), status)).increment();
                    all.increment();
                }
                active.decrement();
            }
        }
    }
}

/// A request that is being answered. Dropped without an end, its client went away: it is active no more, and counts with
/// `error_type="cancelled"`, by a panic with `error_type="panic"`; by the names of earlier services it does not count.
#[must_use = "a request that is dropped at once counts as one whose client went away"]
pub struct HttpRequest {
    metrics: HttpMetrics,
    method: Method,
    scheme: Scheme,
    route: Text,
    started: Instant,
    has_ended: bool,
}

impl HttpRequest {
    /// It has been answered with that status. From 500 on it is an error.
    pub fn end(mut self, status: u16) {
        let failed = StatusCode::from_u16(status).ok().filter(StatusCode::is_server_error);
        self.finish(Some(HttpStatus::new(status)), failed.map(ErrorType::Status));
    }

    fn finish(&mut self, status: Option<HttpStatus>, error: Option<ErrorType>) {
        if !mem::replace(&mut self.has_ended, true) {
            self.metrics.0.end(self, status, error);
        }
    }
}

impl Measure for HttpRequest {
    fn end(&mut self, status: Option<StatusCode>, error: Option<ErrorType>) {
        self.finish(status.map(|status| HttpStatus::new(status.as_u16())), error);
    }
}

impl Drop for HttpRequest {
    fn drop(&mut self) {
        let how = if std::thread::panicking() { "panic" } else { "cancelled" };
        self.finish(None, Some(ErrorType::Named(how)));
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("route", &self.route)
            .finish_non_exhaustive()
    }
}
