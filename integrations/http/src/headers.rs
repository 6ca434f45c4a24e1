use http::{HeaderMap, HeaderValue};
use mainstay_runtime::context::{Extractor, Injector};

/// Headers that came in, to be read with [`propagate::extract`](mainstay_runtime::propagate::extract).
///
/// ```
/// use http::HeaderMap;
/// use mainstay_http::Headers;
/// use mainstay_runtime::propagate;
///
/// let mut headers = HeaderMap::new();
/// headers.insert("x-correlation-id", "order-7".parse()?);
/// assert_eq!(*propagate::extract(&Headers(&headers)).context.correlation_id(), "order-7");
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Headers<'h>(pub &'h HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.to_str().ok()
    }

    fn for_each<'c>(&'c self, name: &str, give: &mut dyn FnMut(&'c str)) {
        self.0.get_all(name).into_iter().filter_map(|value| value.to_str().ok()).for_each(give);
    }
}

/// Headers that go out, to be written with [`propagate::inject`](mainstay_runtime::propagate::inject). What is no value
/// of a header is not written.
///
/// ```
/// use http::HeaderMap;
/// use mainstay_http::HeadersMut;
/// use mainstay_runtime::{context::Context, propagate};
///
/// let mut headers = HeaderMap::new();
/// Context::new().scope(|| propagate::inject(&mut HeadersMut(&mut headers)));
/// assert!(headers.contains_key("x-request-id"));
/// ```
#[derive(Debug)]
pub struct HeadersMut<'h>(pub &'h mut HeaderMap);

impl Injector for HeadersMut<'_> {
    fn set(&mut self, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.insert(name, value);
        }
    }
}
