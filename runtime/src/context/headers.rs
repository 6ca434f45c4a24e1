use super::{Context, Id};
use crate::trace::{ReadHeaders, WriteHeaders};

/// The header with the correlation id.
pub const CORRELATION_ID: &str = "x-correlation-id";
/// The header with the request id.
pub const REQUEST_ID: &str = "x-request-id";

/// The context that a request brings, or a new one. Nothing that comes from outside fails here. Of several values of a header the
/// first counts.
///
/// A missing correlation id is the request id's text, and a missing request id is generated. An id that is
/// [not permitted](Id) is replaced by a new one; [`Context::was_replaced`] tells, and the log at `debug` says which header it was
/// and why, never what stood there.
///
/// ```
/// use std::collections::HashMap;
/// use mainstay_runtime::context::{self, Context};
///
/// let headers = HashMap::from([(String::from("X-Correlation-Id"), String::from("order-7"))]);
/// let context = context::extract(&headers);
/// assert_eq!(*context.correlation_id(), "order-7");
/// ```
pub fn extract(headers: &(impl ReadHeaders + ?Sized)) -> Context {
    let mut replaced = false;
    let mut read = |name| -> Option<Id> {
        let mut first: Option<Result<Id, _>> = None;
        headers.values(name, &mut |value| {
            first.get_or_insert_with(|| value.trim_matches([' ', '\t']).parse());
        });
        let id = first?;
        if let Err(reason) = id {
            replaced = true;
            tracing::debug!(target: "mainstay", header = name, %reason, "an id from outside was replaced");
        }
        id.ok()
    };
    let (correlation, request) = (read(CORRELATION_ID), read(REQUEST_ID));
    let request = request.unwrap_or_else(Id::generate);
    Context::received(correlation.unwrap_or_else(|| request.clone()), request, replaced)
}

/// Writes the ids that are current here into the headers of a request or a message that goes out. Without a current context
/// it writes nothing.
pub fn inject(headers: &mut (impl WriteHeaders + ?Sized)) {
    if let Some(context) = super::current() {
        context.inject(headers);
    }
}

impl Context {
    /// Writes these ids into headers.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use mainstay_runtime::context::{self, Context};
    ///
    /// let (context, mut headers) = (Context::new(), HashMap::<String, String>::new());
    /// context.inject(&mut headers);
    /// assert_eq!(context::extract(&headers), context);
    /// ```
    pub fn inject(&self, headers: &mut (impl WriteHeaders + ?Sized)) {
        headers.set(CORRELATION_ID, self.correlation_id().as_str());
        headers.set(REQUEST_ID, self.request_id().as_str());
    }
}
