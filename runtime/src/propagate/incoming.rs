use std::future::Future;

use crate::{
    context::{Context, InContext, InContextExt},
    trace::{self, SpanContext},
};

/// What a request or a message brought.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Its ids, what tracing systems added to the span, and its baggage.
    pub context: Context,
    /// The span that asked, in another process; `None` where none was named.
    pub parent: Option<SpanContext>,
}

impl Incoming {
    /// Runs `operation` as a part of that request: its ids are current, and the span that asked is the parent of those that
    /// begin.
    pub fn scope<T>(&self, operation: impl FnOnce() -> T) -> T {
        self.context.scope(|| {
            let _attached = self.parent.map(|parent| trace::attach(Some(parent)));
            operation()
        })
    }

    /// Runs a future as a part of that request, whichever thread polls it.
    pub fn run<F: Future>(self, future: F) -> InContext<trace::WithContext<F>> {
        trace::with_context(self.parent.or_else(trace::current), future).in_context(self.context)
    }
}
