//! What `#[trace_span]` calls.

use std::{any::type_name, fmt};

pub use crate::trace::{
    AttributeValue, Call, Ending, Ends, Scope, SpanContext, SpanKind, SpanSite, ToAttribute, Traced, traced,
};
pub use tracing::Level;

use crate::{Fallible, retry::Attempts};

/// The value of an attribute: numbers, truth values, texts.
#[inline]
pub fn value(value: &(impl ToAttribute + ?Sized)) -> Option<AttributeValue> {
    value.to_attribute()
}

/// A text that stands in the program.
#[inline]
pub const fn text(text: &'static str) -> Option<AttributeValue> {
    Some(AttributeValue::Static(text))
}

/// `%value`
pub fn display(value: &(impl fmt::Display + ?Sized)) -> Option<AttributeValue> {
    Some(AttributeValue::Text(value.to_string()))
}

/// `?value`
pub fn debug(value: &(impl fmt::Debug + ?Sized)) -> Option<AttributeValue> {
    Some(AttributeValue::Text(format!("{value:?}")))
}

/// Which attempt of the retry around it a call is.
pub fn attempt(attempts: Attempts) -> Option<AttributeValue> {
    Some(AttributeValue::I64(attempts.number().into()))
}

/// Which attempt of the hedge around it a call is.
pub fn hedge(number: u32) -> Option<AttributeValue> {
    Some(AttributeValue::I64(number.into()))
}

/// What can be given as the parent of a span.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no parent of a span",
    label = "expected a `SpanContext`, or an `Option` of it: `None` begins a new trace"
)]
pub trait ToParent {
    /// The parent.
    fn to_parent(&self) -> Option<SpanContext>;
}

impl ToParent for SpanContext {
    fn to_parent(&self) -> Option<SpanContext> {
        Some(*self)
    }
}

impl<T: ToParent> ToParent for Option<T> {
    fn to_parent(&self) -> Option<SpanContext> {
        self.as_ref().and_then(T::to_parent)
    }
}

impl<T: ToParent + ?Sized> ToParent for &T {
    fn to_parent(&self) -> Option<SpanContext> {
        (**self).to_parent()
    }
}

/// The parent that was given.
pub fn parent(parent: &(impl ToParent + ?Sized)) -> Option<SpanContext> {
    parent.to_parent()
}

/// An answer of whatever type, to be asked whether it is an error. Method resolution tries the answer's own methods first, those
/// of a `Result`, and then the trait's.
#[derive(Debug)]
pub struct Answer<'a, R>(pub &'a R);

impl<'a, R: Fallible> Answer<'a, R> {
    /// The type of the error, if it is one.
    #[inline]
    pub fn error_type(self) -> Option<&'static str> {
        self.0.as_outcome().err().map(type_of)
    }

    /// The value, if there is one.
    #[inline]
    pub fn value(self) -> Option<&'a R::Ok> {
        self.0.as_outcome().ok()
    }
}

/// By a policy of ours it is known more exactly.
fn type_of<E>(_: &E) -> &'static str {
    type_name::<E>()
}

/// An answer that is no `Result`.
pub trait PlainAnswer<'a, R> {
    /// It is no error.
    fn error_type(self) -> Option<&'static str>;
    /// The answer.
    fn value(self) -> Option<&'a R>;
}

impl<'a, R> PlainAnswer<'a, R> for Answer<'a, R> {
    #[inline]
    fn error_type(self) -> Option<&'static str> {
        None
    }

    #[inline]
    fn value(self) -> Option<&'a R> {
        Some(self.0)
    }
}

/// What the error says, as `err` has it.
pub fn error_display<R: Fallible>(answer: &R) -> Option<String>
where
    R::Err: fmt::Display,
{
    answer.as_outcome().err().map(ToString::to_string)
}

/// What the error says, as `err(debug)` has it.
pub fn error_debug<R: Fallible>(answer: &R) -> Option<String>
where
    R::Err: fmt::Debug,
{
    answer.as_outcome().err().map(|error| format!("{error:?}"))
}

/// What the value is, as `ret` has it.
pub fn value_debug(value: Option<&(impl fmt::Debug + ?Sized)>) -> Option<String> {
    value.map(|value| format!("{value:?}"))
}

/// What the value is, as `ret(display)` has it.
pub fn value_display(value: Option<&(impl fmt::Display + ?Sized)>) -> Option<String> {
    value.map(ToString::to_string)
}
