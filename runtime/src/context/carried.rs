use super::{Context, current, current::Entered};
use crate::trace::{self, SpanContext};

/// What is current in one place, to be current in another: on another thread, or in a task. The ids of the request, and the
/// span.
///
/// ```
/// use mainstay_runtime::context::{self, Carried, Context};
///
/// let seen = Context::new().scope(|| {
///     let carried = Carried::here();
///     std::thread::spawn(move || carried.scope(context::correlation_id)).join()
/// });
/// assert!(seen.is_ok_and(|id| id.is_some()));
/// ```
#[derive(Debug, Clone)]
pub struct Carried {
    context: Option<Context>,
    /// `None` leaves alone what is current.
    span: Option<Option<SpanContext>>,
}

impl Carried {
    /// What is current here.
    pub fn here() -> Self {
        Self { context: current(), span: Some(trace::innermost()) }
    }

    pub(super) fn of(context: Context) -> Self {
        Self { context: Some(context), span: None }
    }

    /// Runs `operation` as if it stood where this was taken.
    pub fn scope<T>(mut self, operation: impl FnOnce() -> T) -> T {
        self.enter(operation)
    }

    #[inline]
    pub(super) fn enter<T>(&mut self, operation: impl FnOnce() -> T) -> T {
        let _context = Entered::new(&mut self.context);
        let _span = self.span.map(trace::attach);
        operation()
    }
}
