use http::{HeaderMap, HeaderName, HeaderValue};
use mainstay_runtime::context::{CORRELATION_ID, Context, REQUEST_ID};

/// The ids that a response tells its client.
#[derive(Debug)]
pub(crate) struct Told(Context);

impl Told {
    pub(crate) fn of(context: &Context) -> Self {
        Self(context.clone())
    }

    /// Adds them where the handler has not said something else.
    pub(crate) fn add_to(&self, headers: &mut HeaderMap) {
        for (name, id) in [(CORRELATION_ID, self.0.correlation_id()), (REQUEST_ID, self.0.request_id())] {
            if let Ok(id) = HeaderValue::from_str(id.as_str()) {
                headers.entry(HeaderName::from_static(name)).or_insert(id);
            }
        }
    }
}
