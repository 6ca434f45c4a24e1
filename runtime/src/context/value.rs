use std::sync::Arc;

use super::{
    Id,
    current::{self, Entered},
};
use crate::{propagate::Baggage, trace::TraceState};

/// The ids of a piece of work. Cloning it copies a pointer.
///
/// The **correlation id** belongs to all that one cause sets off, in every service it reaches. The **request id** belongs to
/// one request or message in one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context(Arc<Ids>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Ids {
    correlation: Id,
    request: Id,
    replaced: bool,
    trace_state: TraceState,
    baggage: Baggage,
}

impl Default for Context {
    fn default() -> Self {
        Self::new()
    }
}

impl Context {
    /// Work that nobody outside asked for: a new request id, which is the correlation id too.
    pub fn new() -> Self {
        let id = Id::generate();
        Self::of(id.clone(), id)
    }

    /// Work for a caller who named it: that correlation id, and a new request id.
    ///
    /// ```
    /// use mainstay_runtime::context::Context;
    ///
    /// let context = Context::correlated("order-7".parse()?);
    /// assert_eq!(*context.correlation_id(), "order-7");
    /// # Ok::<(), mainstay_runtime::context::InvalidId>(())
    /// ```
    pub fn correlated(correlation_id: Id) -> Self {
        Self::of(correlation_id, Id::generate())
    }

    /// These ids.
    pub fn of(correlation_id: Id, request_id: Id) -> Self {
        Self::received(correlation_id, request_id, false)
    }

    pub(super) fn received(correlation: Id, request: Id, replaced: bool) -> Self {
        let (trace_state, baggage) = (TraceState::default(), Baggage::new());
        Self(Arc::new(Ids { correlation, request, replaced, trace_state, baggage }))
    }

    fn with(&self, change: impl FnOnce(&mut Ids)) -> Self {
        let mut ids = Ids::clone(&self.0);
        change(&mut ids);
        Self(Arc::new(ids))
    }

    /// The same with that state of the tracing systems.
    #[must_use]
    pub fn with_trace_state(&self, trace_state: TraceState) -> Self {
        self.with(|ids| ids.trace_state = trace_state)
    }

    /// The same with that baggage, which goes to every service that is called from here.
    #[must_use]
    pub fn with_baggage(&self, baggage: Baggage) -> Self {
        self.with(|ids| ids.baggage = baggage)
    }

    /// The same without what tracing systems and others add to it.
    #[must_use]
    pub fn only_ids(&self) -> Self {
        self.with(|ids| (ids.trace_state, ids.baggage) = (TraceState::default(), Baggage::new()))
    }

    /// A piece of this work that is a request of its own, such as a message that is handled: all the same but for a new
    /// request id.
    pub fn next(&self) -> Self {
        self.with(|ids| (ids.request, ids.replaced) = (Id::generate(), false))
    }

    /// What tracing systems added to the span that asked.
    pub fn trace_state(&self) -> &TraceState {
        &self.0.trace_state
    }

    /// What travels with the request to every service.
    pub fn baggage(&self) -> &Baggage {
        &self.0.baggage
    }

    /// What all that one cause sets off has in common.
    pub fn correlation_id(&self) -> &Id {
        &self.0.correlation
    }

    /// What names this request or message.
    pub fn request_id(&self) -> &Id {
        &self.0.request
    }

    /// Whether an id came from outside that could not be taken, so that another stands in its place.
    pub fn was_replaced(&self) -> bool {
        self.0.replaced
    }

    /// Runs `operation` with this as the current context of the thread.
    pub fn scope<T>(&self, operation: impl FnOnce() -> T) -> T {
        let mut context = Some(self.clone());
        let _entered = Entered::new(&mut context);
        operation()
    }

    /// The context that is current here, or a new one.
    pub fn current_or_new() -> Self {
        current::current().unwrap_or_default()
    }
}
