use super::{Context, current, current::Entered};
use crate::{
    clock::Instant,
    deadline::{self, Carry},
    trace::{self, SpanContext},
};

/// What is current in one place, to be current in another: on another thread, or in a task. The ids of the request, and the
/// span; the [deadline](crate::deadline) only [where that is asked for](Self::with_deadline).
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
    deadline: Carry,
}

impl Carried {
    /// What is current here.
    pub fn here() -> Self {
        Self { context: current(), span: Some(trace::innermost()), deadline: Carry::Leave }
    }

    pub(super) fn of(context: Context) -> Self {
        Self { context: Some(context), span: None, deadline: Carry::Leave }
    }

    /// The same with the deadline that is current here, for work that is of no use after it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use mainstay_runtime::{context::Carried, deadline};
    ///
    /// let (without, with) = deadline::sync_scope(Duration::from_secs(60), || {
    ///     (Carried::here(), Carried::here().with_deadline())
    /// });
    /// assert!(without.scope(deadline::remaining).is_none());
    /// assert!(with.scope(deadline::remaining).is_some());
    /// ```
    #[must_use]
    pub fn with_deadline(mut self) -> Self {
        self.carry(Carry::Only(deadline::current()));
        self
    }

    /// The same with that deadline alone.
    pub(crate) fn until(mut self, end: Instant) -> Self {
        self.deadline = Carry::Only(Some(end));
        self
    }

    pub(super) fn carry(&mut self, deadline: Carry) {
        self.deadline = deadline;
    }

    /// Runs `operation` as if it stood where this was taken.
    pub fn scope<T>(mut self, operation: impl FnOnce() -> T) -> T {
        self.enter(operation)
    }

    #[inline]
    pub(super) fn enter<T>(&mut self, operation: impl FnOnce() -> T) -> T {
        let _context = Entered::new(&mut self.context);
        let _span = self.span.map(trace::attach);
        let _deadline = self.deadline.enter();
        operation()
    }
}
