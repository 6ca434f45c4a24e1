use std::{
    collections::{BTreeMap, HashMap},
    hash::BuildHasher,
};

use super::{Context, Id};

/// The header with the correlation id.
pub const CORRELATION_ID: &str = "x-correlation-id";
/// The header with the request id.
pub const REQUEST_ID: &str = "x-request-id";

/// Headers of a request or of a message that came in: what is read.
///
/// Names are asked for in lower case and are to be compared without regard to case, as in HTTP.
pub trait Extractor {
    /// The first value of that name, if it is text.
    fn get(&self, name: &str) -> Option<&str>;

    /// Gives every value of that name that is text, in order. Where a header can stand once only, that is
    /// [`get`](Self::get).
    fn for_each<'c>(&'c self, name: &str, give: &mut dyn FnMut(&'c str)) {
        if let Some(value) = self.get(name) {
            give(value);
        }
    }
}

/// Headers of a request or of a message that goes out: what is written.
pub trait Injector {
    /// Sets the one value of that name, which comes in lower case.
    fn set(&mut self, name: &'static str, value: &str);
}

/// The context that a request brings, or a new one. Nothing that comes from outside fails here.
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
pub fn extract(headers: &(impl Extractor + ?Sized)) -> Context {
    let mut replaced = false;
    let mut read = |name| -> Option<Id> {
        let text = headers.get(name)?.trim_matches([' ', '\t']);
        let id = text.parse();
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
pub fn inject(headers: &mut (impl Injector + ?Sized)) {
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
    pub fn inject(&self, headers: &mut (impl Injector + ?Sized)) {
        headers.set(CORRELATION_ID, self.correlation_id().as_str());
        headers.set(REQUEST_ID, self.request_id().as_str());
    }
}

impl<S: BuildHasher> Extractor for HashMap<String, String, S> {
    fn get(&self, name: &str) -> Option<&str> {
        let exact = HashMap::get(self, name);
        exact
            .or_else(|| self.iter().find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value)))
            .map(String::as_str)
    }
}

impl<S: BuildHasher> Injector for HashMap<String, String, S> {
    fn set(&mut self, name: &'static str, value: &str) {
        self.retain(|key, _| !key.eq_ignore_ascii_case(name));
        self.insert(name.into(), value.into());
    }
}

impl Extractor for BTreeMap<String, String> {
    fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl Injector for BTreeMap<String, String> {
    fn set(&mut self, name: &'static str, value: &str) {
        self.retain(|key, _| !key.eq_ignore_ascii_case(name));
        self.insert(name.into(), value.into());
    }
}

impl Extractor for Vec<(String, String)> {
    fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn for_each<'c>(&'c self, name: &str, give: &mut dyn FnMut(&'c str)) {
        let values = self.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        values.for_each(|(_, value)| give(value));
    }
}

impl Injector for Vec<(String, String)> {
    fn set(&mut self, name: &'static str, value: &str) {
        self.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self.push((name.into(), value.into()));
    }
}
