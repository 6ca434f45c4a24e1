use std::sync::{Arc, LazyLock};

use axum::extract::MatchedPath;
use http::{Request, StatusCode};
use mainstay_http::{ErrorType, Measure, Text, method, unless_taken};
use mainstay_runtime::{
    clock::{self, Instant},
    metrics::{Buckets, Family, Histogram, HttpStatus, IntGauge, registry},
};

type Durations = Family<(&'static str, &'static str, Text, Option<HttpStatus>, Option<ErrorType>), Histogram>;
type Active = Family<(&'static str, &'static str), IntGauge>;

/// `None` where the program has a metric of its own under that name.
static DURATIONS: LazyLock<Option<Arc<Durations>>> = LazyLock::new(|| {
    let labels =
        ["http_request_method", "url_scheme", "http_route", "http_response_status_code", "error_type"];
    let help = "How long it took until the head of the response was there.";
    unless_taken(registry().histograms(
        "http_server_request_duration_seconds",
        help,
        labels,
        Buckets::seconds(),
    ))
});

static ACTIVE: LazyLock<Option<Arc<Active>>> = LazyLock::new(|| {
    let labels = ["http_request_method", "url_scheme"];
    unless_taken(registry().int_gauges(
        "http_server_active_requests",
        "Requests that have no response yet.",
        labels,
    ))
});

/// A request that is being counted.
#[derive(Debug)]
pub(crate) struct Measured {
    method: &'static str,
    scheme: &'static str,
    route: Text,
    start: Instant,
}

impl Measured {
    pub(crate) fn begin<Q>(request: &Request<Q>) -> Self {
        let method = method(request.method());
        let scheme = if request.uri().scheme_str() == Some("https") { "https" } else { "http" };
        let route = request.extensions().get::<MatchedPath>();
        if let Some(active) = &*ACTIVE {
            active.get(&(method, scheme)).increment();
        }
        let route = route.map_or_else(Text::none, |route| Text::of_few(route.as_str()));
        Self { method, scheme, route, start: clock::now() }
    }
}

impl Measure for Measured {
    fn end(&mut self, status: Option<StatusCode>, error: Option<ErrorType>) {
        if let Some(active) = &*ACTIVE {
            active.get(&(self.method, self.scheme)).decrement();
        }
        if let Some(durations) = &*DURATIONS {
            let status = status.map(|status| HttpStatus::new(status.as_u16()));
            let labels = (self.method, self.scheme, self.route.clone(), status, error);
            durations.get(&labels).observe_duration(clock::now().saturating_since(self.start));
        }
    }
}
