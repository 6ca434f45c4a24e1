//! `/health` and what is below it.

use hyper::StatusCode;
use mainstay_runtime::health::{HealthChecker, Probe};

use crate::{
    answer::{Answered, json},
    path::trimmed,
};

/// Asks a set of checks, and says what they say.
#[derive(Debug, Clone)]
pub(crate) struct Probes {
    pub(crate) checker: HealthChecker,
    pub(crate) microprofile: bool,
}

impl Probes {
    pub(crate) async fn answer(&self, probe: Probe) -> Answered {
        let report = self.checker.report_async(probe).await;
        let status = StatusCode::from_u16(report.http_status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        let mut text = if self.microprofile { report.to_microprofile_json() } else { report.to_json() };
        text.push('\n');
        json(status, text)
    }
}

/// The probe that a path asks for.
pub(crate) fn of(path: &str) -> Option<Probe> {
    Some(match trimmed(path) {
        "/health" => Probe::Overall,
        "/health/live" => Probe::Live,
        "/health/ready" => Probe::Ready,
        "/health/started" => Probe::Started,
        _ => return None,
    })
}
