use std::sync::{Arc, LazyLock};

use http::StatusCode;
use mainstay_http::{ErrorType, Measure, Method, Text, unless_taken};
use mainstay_runtime::{
    clock::{self, Instant},
    metrics::{Buckets, Family, Histogram, HttpStatus, registry},
};
use reqwest::Url;

type Durations = Family<(Method, Text, Text, Option<HttpStatus>, Option<ErrorType>), Histogram>;

/// `None` where the program has a metric of its own under that name.
static DURATIONS: LazyLock<Option<Arc<Durations>>> = LazyLock::new(|| {
    let labels =
        ["http_request_method", "server_address", "server_port", "http_response_status_code", "error_type"];
    let help = "How long it took until the head of the response was there.";
    unless_taken(registry().histograms(
        "http_client_request_duration_seconds",
        help,
        labels,
        Buckets::seconds(),
    ))
});

/// A request that is being counted.
#[derive(Debug)]
pub(crate) struct Measured {
    method: Method,
    host: Text,
    port: Text,
    start: Instant,
}

impl Measured {
    pub(crate) fn begin(verb: &http::Method, url: &Url) -> Self {
        let port = url.port_or_known_default().map_or_else(String::new, |port| port.to_string());
        Self {
            method: Method::from(verb),
            host: Text::of_few(url.host_str().unwrap_or_default()),
            port: Text::of_few(port),
            start: clock::now(),
        }
    }
}

impl Measure for Measured {
    fn end(&mut self, status: Option<StatusCode>, error: Option<ErrorType>) {
        if let Some(durations) = &*DURATIONS {
            let status = status.map(|status| HttpStatus::new(status.as_u16()));
            let labels = (self.method, self.host.clone(), self.port.clone(), status, error);
            durations.get(&labels).observe_duration(clock::now().saturating_since(self.start));
        }
    }
}
