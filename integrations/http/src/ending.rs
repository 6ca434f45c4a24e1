use std::mem;

use http::StatusCode;
use mainstay_runtime::{
    metrics::MetricError,
    trace::{Span, Status},
};

use crate::ErrorType;

/// What is counted of a request when it ends.
pub trait Measure {
    /// It has ended: with that status if there was a response, and for that reason if it failed. Called once.
    fn end(&mut self, status: Option<StatusCode>, error: Option<ErrorType>);
}

/// A request under observation. Dropped before its end it was cancelled, or somebody panicked, and that is what is told then.
#[derive(Debug)]
pub struct Ending<M: Measure> {
    span: Span,
    measure: M,
    has_ended: bool,
}

impl<M: Measure> Ending<M> {
    /// Under observation from now on.
    pub const fn new(span: Span, measure: M) -> Self {
        Self { span, measure, has_ended: false }
    }

    /// Its span.
    pub fn span(&mut self) -> &mut Span {
        &mut self.span
    }

    /// Tells how it ended.
    pub fn end(&mut self, status: Option<StatusCode>, error: Option<ErrorType>) {
        if mem::replace(&mut self.has_ended, true) {
            return;
        }
        if self.span.is_recorded() {
            if let Some(status) = status {
                self.span.set_attribute("http.response.status_code", i64::from(status.as_u16()));
            }
            if let Some(error) = error {
                self.span.set_attribute("error.type", error.name().as_ref());
                // The conventions leave the description empty where the type says it all.
                self.span.set_status(Status::Error("".into()));
            }
        }
        self.measure.end(status, error);
    }
}

impl<M: Measure> Drop for Ending<M> {
    fn drop(&mut self) {
        let reason = if std::thread::panicking() { "panic" } else { "cancelled" };
        self.end(None, Some(ErrorType::Named(reason)));
    }
}

/// A metric, if the program has none of its own under that name. Else that one stands, and the log says so.
pub fn unless_taken<T>(metric: Result<T, MetricError>) -> Option<T> {
    let report = |error: &MetricError| tracing::warn!(target: "mainstay", %error, "requests are not counted");
    metric.inspect_err(report).ok()
}
