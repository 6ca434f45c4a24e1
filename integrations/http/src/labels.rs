use std::{borrow::Cow, sync::Arc};

use http::{Method, StatusCode};
use mainstay_runtime::metrics::LabelValue;

/// A method as metrics and spans name it: one of those that are known, else `_OTHER`, because anybody can send any.
pub fn method(method: &Method) -> &'static str {
    const KNOWN: [&str; 10] =
        ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE", "QUERY"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("_OTHER")
}

/// A text of which the program itself has few, such as the routes of its router or the hosts that it calls.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text(Arc<str>);

impl Text {
    /// That text. Never what a request brings.
    pub fn of_few(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// None, which is the same as no label.
    pub fn none() -> Self {
        Self::of_few("")
    }
}

impl LabelValue for Text {
    fn label(&self) -> Cow<'static, str> {
        Cow::Owned(self.0.as_ref().to_owned())
    }
}

/// Why a request failed: `error.type`. It did not where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorType {
    /// The status says so.
    Status(StatusCode),
    /// Something else, by a name of which there are few.
    Named(&'static str),
}

impl ErrorType {
    /// The name.
    pub fn name(self) -> Cow<'static, str> {
        match self {
            Self::Status(status) => Cow::Owned(status.as_u16().to_string()),
            Self::Named(name) => Cow::Borrowed(name),
        }
    }
}

impl LabelValue for ErrorType {
    fn label(&self) -> Cow<'static, str> {
        self.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_of_somebodys_own_makes_no_series() {
        assert_eq!(method(&Method::PATCH), "PATCH");
        assert_eq!(method(&Method::from_bytes(b"X-1234").unwrap()), "_OTHER");
        assert_eq!(method(&Method::from_bytes(b"get").unwrap()), "_OTHER");
    }
}
