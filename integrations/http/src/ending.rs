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

/// Nothing is counted where there is nothing to count with.
impl<M: Measure> Measure for Option<M> {
    fn end(&mut self, status: Option<StatusCode>, error: Option<ErrorType>) {
        if let Some(measure) = self {
            measure.end(status, error);
        }
    }
}

/// A request under observation. Dropped before its end it was cancelled.
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

    /// Runs a part of the request in its span. A panic in it is the end of the request, whoever catches it.
    pub fn within<R>(&mut self, part: impl FnOnce() -> R) -> R {
        let unwinding = Unwinding(self);
        unwinding.0.span.in_scope(part)
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
        self.end(None, Some(ErrorType::Named("cancelled")));
    }
}

struct Unwinding<'e, M: Measure>(&'e mut Ending<M>);

impl<M: Measure> Drop for Unwinding<'_, M> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.end(None, Some(ErrorType::Named("panic")));
        }
    }
}

/// A metric, if the program has none of its own under that name. Else that one stands, and the log says so.
pub fn unless_taken<T>(metric: Result<T, MetricError>) -> Option<T> {
    let report = |error: &MetricError| tracing::warn!(target: "mainstay", %error, "requests are not counted");
    metric.inspect_err(report).ok()
}
