use std::sync::LazyLock;

use axum::extract::MatchedPath;
use http::Request;
use mainstay_http::{HttpMetrics, HttpRequest, Method, Scheme, Text, unless_taken};
use mainstay_runtime::metrics::registry;

/// By OpenTelemetry's names; `None` where the program has a metric of its own under one of them.
static STANDARD: LazyLock<Option<HttpMetrics>> =
    LazyLock::new(|| unless_taken(HttpMetrics::standard(registry())));

/// A request that is being counted, if it is.
pub(crate) type Measured = Option<HttpRequest>;

/// Begins to count it, with the metrics that were given.
pub(crate) fn begin<Q>(given: Option<&HttpMetrics>, request: &Request<Q>) -> Measured {
    let metrics = given.or(STANDARD.as_ref())?;
    let scheme = if request.uri().scheme_str() == Some("https") { Scheme::Https } else { Scheme::Http };
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(Text::none, |route| Text::of_few(route.as_str()));
    Some(metrics.begin_over(scheme, Method::from(request.method()), route))
}
