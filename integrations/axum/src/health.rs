use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header};
use mainstay_runtime::health::{HealthChecker, Probe};

/// Routes for probes, to mount in a router of one's own: `/health`, `/health/live`, `/health/ready` and `/health/started`.
///
/// They answer 200 or 503 with the body of the ops server, on the runtime that serves the other routes: where that is
/// blocked they do not answer. A server on a port of its own, such as `OpsServer`, does.
///
/// ```
/// use axum::Router;
/// use mainstay_axum::create_health_router;
/// use mainstay_runtime::health::checks;
///
/// // GET /api/v1/health
/// let app: Router = Router::new().nest("/api/v1", create_health_router(checks().clone()));
/// # drop(app);
/// ```
pub fn create_health_router<S>(checker: HealthChecker) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let probes = [
        ("/health", Probe::Overall),
        ("/health/live", Probe::Live),
        ("/health/ready", Probe::Ready),
        ("/health/started", Probe::Started),
    ];
    probes.into_iter().fold(Router::new(), |router, (path, probe)| {
        let checker = checker.clone();
        router.route(path, get(move || answer(checker.clone(), probe)))
    })
}

async fn answer(checker: HealthChecker, probe: Probe) -> Response {
    let report = checker.report_async(probe).await;
    let status = StatusCode::from_u16(report.http_status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, report.to_json()).into_response()
}
