use std::{borrow::Cow, fmt, hash::Hash};

use crate::Kind;

/// A label's value of which there are few.
///
/// Each combination of values is a series that lives as long as the program, in it and in Prometheus. A label that holds an
/// e-mail address or a request's path takes both down; hence there is no implementation for texts made while the program
/// runs. `#[derive(LabelValue)]` serves enums.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has too many values for a label",
    label = "each value would be a series for as long as the program runs",
    note = "label with a `bool`, a `&'static str`, an `HttpStatus`, or an enum with `#[derive(LabelValue)]`",
    note = "what is different in every call belongs into a span or a log line, not into a metric"
)]
pub trait LabelValue: Clone + Eq + Hash + fmt::Debug + Send + Sync + 'static {
    /// The value as text. An empty text is the same as no label.
    fn label(&self) -> Cow<'static, str>;
}

impl LabelValue for bool {
    fn label(&self) -> Cow<'static, str> {
        Cow::Borrowed(if *self { "true" } else { "false" })
    }
}

impl LabelValue for &'static str {
    fn label(&self) -> Cow<'static, str> {
        Cow::Borrowed(self)
    }
}

impl LabelValue for Kind {
    fn label(&self) -> Cow<'static, str> {
        Cow::Borrowed(self.as_str())
    }
}

impl<T: LabelValue> LabelValue for Option<T> {
    fn label(&self) -> Cow<'static, str> {
        self.as_ref().map_or(Cow::Borrowed(""), LabelValue::label)
    }
}

/// The status of an HTTP response, from 100 to 599. Any other number is `other`.
///
/// ```
/// use mainstay_runtime::metrics::{HttpStatus, LabelValue};
///
/// assert_eq!(HttpStatus::new(204).label(), "204");
/// assert_eq!(HttpStatus::new(7), HttpStatus::new(40_000));
/// assert_eq!(HttpStatus::new(7).label(), "other");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HttpStatus(u16);

impl HttpStatus {
    /// The status with that code.
    pub const fn new(code: u16) -> Self {
        Self(if matches!(code, 100..=599) { code } else { 0 })
    }
}

impl LabelValue for HttpStatus {
    fn label(&self) -> Cow<'static, str> {
        match self.0 {
            0 => Cow::Borrowed("other"),
            code => Cow::Owned(code.to_string()),
        }
    }
}
