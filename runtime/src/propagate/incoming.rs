use std::future::Future;

use crate::{
    clock::Instant,
    context::{Context, InContext, InContextExt},
    deadline::{self, Carry},
    trace::{self, SpanContext},
};

/// What a request or a message brought.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Its ids, what tracing systems added to the span, and its baggage.
    pub context: Context,
    /// The span that asked, in another process; `None` where none was named.
    pub parent: Option<SpanContext>,
    /// When it has to be done, if it says so: counted from when it was read.
    pub deadline: Option<Instant>,
}

impl Incoming {
    /// Runs `operation` as a part of that request: its ids are current, the span that asked is the parent of those that
    /// begin, and its [deadline](crate::deadline) is that of all inside, unless one around is earlier.
    pub fn scope<T>(&self, operation: impl FnOnce() -> T) -> T {
        self.context.scope(|| {
            let _attached = self.parent.map(|parent| trace::attach(Some(parent)));
            match self.deadline {
                Some(end) => deadline::sync_scope(end, operation),
                None => operation(),
            }
        })
    }

    /// Runs a future as a part of that request, whichever thread polls it.
    pub fn run<F: Future>(self, future: F) -> InContext<trace::WithContext<F>> {
        trace::with_context(self.parent.or_else(trace::current), future)
            .in_context(self.context)
            .carrying(self.deadline.map_or(Carry::Leave, Carry::Within))
    }
}
