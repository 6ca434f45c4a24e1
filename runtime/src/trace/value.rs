use std::{borrow::Cow, fmt, sync::Arc};

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum AttributeValue {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    I64(i64),
    /// A number.
    F64(f64),
    /// A text of the program.
    Static(&'static str),
    /// A text.
    Text(String),
}

impl AttributeValue {
    /// The text, where it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Static(text) => Some(text),
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What a `tracing` subscriber is told.
    pub(crate) fn as_tracing(&self) -> &dyn tracing::Value {
        match self {
            Self::Bool(value) => value,
            Self::I64(value) => value,
            Self::F64(value) => value,
            Self::Static(value) => value,
            Self::Text(value) => value,
        }
    }
}

impl fmt::Display for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::I64(value) => value.fmt(f),
            Self::F64(value) => value.fmt(f),
            Self::Static(value) => value.fmt(f),
            Self::Text(value) => value.fmt(f),
        }
    }
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// The key, by OpenTelemetry's semantic conventions where they have one.
    pub key: Cow<'static, str>,
    /// The value.
    pub value: AttributeValue,
}

impl Attribute {
    /// That key with that value.
    pub fn new(key: impl Into<Cow<'static, str>>, value: impl Into<AttributeValue>) -> Self {
        Self { key: key.into(), value: value.into() }
    }
}

macro_rules! into_value {
    ($($ty:ty => |$value:ident| $make:expr;)*) => {$(
        impl From<$ty> for AttributeValue {
            #[inline]
            fn from($value: $ty) -> Self {
                $make
            }
        }
    )*};
}

into_value! {
    bool => |value| Self::Bool(value);
    i8 => |value| Self::I64(value.into());
    i16 => |value| Self::I64(value.into());
    i32 => |value| Self::I64(value.into());
    i64 => |value| Self::I64(value);
    u8 => |value| Self::I64(value.into());
    u16 => |value| Self::I64(value.into());
    u32 => |value| Self::I64(value.into());
    // Beyond what can be said the largest is said.
    u64 => |value| Self::I64(i64::try_from(value).unwrap_or(i64::MAX));
    usize => |value| Self::I64(i64::try_from(value).unwrap_or(i64::MAX));
    isize => |value| Self::I64(value as i64);
    f32 => |value| Self::F64(value.into());
    f64 => |value| Self::F64(value);
    &'static str => |value| Self::Static(value);
    String => |value| Self::Text(value);
    Box<str> => |value| Self::Text(value.into());
    char => |value| Self::Text(value.into());
    Cow<'static, str> => |value| match value {
        Cow::Borrowed(text) => Self::Static(text),
        Cow::Owned(text) => Self::Text(text),
    };
}

/// What can be given as the value of an attribute: numbers, truth values and texts, references to them, and `Option`s of
/// them, where `None` is not recorded.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value of an attribute",
    label = "expected a number, a `bool`, a text or an `Option` of them",
    note = "write `key = %value` for a type that is `Display`, or `key = ?value` for one that is `Debug`"
)]
pub trait ToAttribute {
    /// The value; `None` if there is nothing to record.
    fn to_attribute(&self) -> Option<AttributeValue>;
}

macro_rules! to_attribute {
    ($($ty:ty)*) => {$(
        impl ToAttribute for $ty {
            #[inline]
            fn to_attribute(&self) -> Option<AttributeValue> {
                Some((*self).into())
            }
        }
    )*};
}

to_attribute!(bool i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 char);

impl ToAttribute for str {
    fn to_attribute(&self) -> Option<AttributeValue> {
        Some(AttributeValue::Text(self.to_owned()))
    }
}

impl ToAttribute for String {
    fn to_attribute(&self) -> Option<AttributeValue> {
        self.as_str().to_attribute()
    }
}

impl ToAttribute for AttributeValue {
    fn to_attribute(&self) -> Option<AttributeValue> {
        Some(self.clone())
    }
}

impl<T: ToAttribute> ToAttribute for Option<T> {
    fn to_attribute(&self) -> Option<AttributeValue> {
        self.as_ref().and_then(T::to_attribute)
    }
}

impl<T: ToAttribute + ToOwned + ?Sized> ToAttribute for Cow<'_, T> {
    fn to_attribute(&self) -> Option<AttributeValue> {
        (**self).to_attribute()
    }
}

macro_rules! through {
    ($($ty:ty)*) => {$(
        impl<T: ToAttribute + ?Sized> ToAttribute for $ty {
            #[inline]
            fn to_attribute(&self) -> Option<AttributeValue> {
                (**self).to_attribute()
            }
        }
    )*};
}

through!(&T &mut T Box<T> Arc<T>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_through_references_and_options() {
        assert_eq!((&&7u8).to_attribute(), Some(AttributeValue::I64(7)));
        assert_eq!(Some("a").to_attribute(), Some(AttributeValue::Text("a".to_owned())));
        assert_eq!(None::<bool>.to_attribute(), None);
        assert_eq!(u64::MAX.to_attribute(), Some(AttributeValue::I64(i64::MAX)));
        assert_eq!(size_of::<AttributeValue>(), 24);
    }
}
