use http::{HeaderMap, HeaderName, HeaderValue};
use mainstay_runtime::{
    context,
    trace::{self, ReadHeaders, WriteHeaders},
};

/// Headers of HTTP, to be read by `extract`.
#[derive(Debug, Clone, Copy)]
pub struct Headers<'h>(pub &'h HeaderMap);

/// Headers of HTTP, to be written by `inject`.
#[derive(Debug)]
pub struct HeadersMut<'h>(pub &'h mut HeaderMap);

impl ReadHeaders for Headers<'_> {
    fn values(&self, name: &str, each: &mut dyn FnMut(&str)) {
        for value in self.0.get_all(name) {
            // What is no text is there all the same, and no id: it is replaced, not passed over.
            each(value.to_str().unwrap_or("\0"));
        }
    }
}

impl WriteHeaders for HeadersMut<'_> {
    fn set(&mut self, name: &'static str, value: &str) {
        // Ids and traces are headers by their form; what is not one is not sent.
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.insert(HeaderName::from_static(name), value);
        }
    }
}

/// Writes the ids and the trace that are current here into the headers of a request that goes out.
///
/// ```
/// use mainstay_runtime::context::Context;
///
/// let mut headers = http::HeaderMap::new();
/// Context::correlated("order-7".parse()?).scope(|| mainstay_axum::inject(&mut headers));
/// assert_eq!(headers["x-correlation-id"], "order-7");
/// # Ok::<(), mainstay_runtime::context::InvalidId>(())
/// ```
pub fn inject(headers: &mut HeaderMap) {
    let mut headers = HeadersMut(headers);
    context::inject(&mut headers);
    trace::inject(&mut headers);
}
