use std::{borrow::Cow, sync::Arc};

use http::StatusCode;
use mainstay_runtime::metrics::LabelValue;

/// The method of a request; one that is not known is `_OTHER`, because anybody can send any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Method(&'static str);

impl Method {
    /// `GET`.
    pub const GET: Self = Self("GET");
    /// `POST`.
    pub const POST: Self = Self("POST");
    /// `PUT`.
    pub const PUT: Self = Self("PUT");
    /// `DELETE`.
    pub const DELETE: Self = Self("DELETE");
    /// `PATCH`.
    pub const PATCH: Self = Self("PATCH");
    /// `HEAD`.
    pub const HEAD: Self = Self("HEAD");
    /// `OPTIONS`.
    pub const OPTIONS: Self = Self("OPTIONS");
    /// `CONNECT`.
    pub const CONNECT: Self = Self("CONNECT");
    /// `TRACE`.
    pub const TRACE: Self = Self("TRACE");
    /// `QUERY`.
    pub const QUERY: Self = Self("QUERY");
    /// Any other, as OpenTelemetry calls it.
    pub const OTHER: Self = Self("_OTHER");

    /// The method of that name, in capitals.
    pub fn of(name: &str) -> Self {
        let known = [
            Self::GET,
            Self::POST,
            Self::PUT,
            Self::DELETE,
            Self::PATCH,
            Self::HEAD,
            Self::OPTIONS,
            Self::CONNECT,
            Self::TRACE,
            Self::QUERY,
        ];
        known.into_iter().find(|method| method.0 == name).unwrap_or(Self::OTHER)
    }

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl LabelValue for Method {
    fn label(&self) -> Cow<'static, str> {
        Cow::Borrowed(self.0)
    }
}

impl From<&http::Method> for Method {
    fn from(method: &http::Method) -> Self {
        Self::of(method.as_str())
    }
}

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Plain.
    Http,
    /// Encrypted.
    Https,
}

impl LabelValue for Scheme {
    fn label(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Http => "http",
            Self::Https => "https",
        })
    }
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

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Self::of_few(text)
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
        assert_eq!(Method::from(&http::Method::PATCH), Method::PATCH);
        assert_eq!(Method::of("X-1234").as_str(), "_OTHER");
        assert_eq!(Method::of("get"), Method::OTHER);
    }
}
