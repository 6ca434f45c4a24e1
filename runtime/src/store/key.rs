use std::{
    borrow::Cow,
    fmt::{self, Write},
    rc::Rc,
    sync::Arc,
};

/// A key as text. Short ones that had to be written are kept without allocating.
#[derive(Clone)]
pub enum Key<'a> {
    /// A text that is there already.
    Borrowed(&'a str),
    /// A text that was written for this.
    Written(Text),
}

/// A text of our own, in place as long as it is short.
#[derive(Clone)]
pub struct Text(Repr);

const SHORT: usize = 54;

#[derive(Clone)]
enum Repr {
    Short { bytes: [u8; SHORT], len: u8 },
    Long(String),
}

impl Text {
    /// An empty one.
    pub const fn new() -> Self {
        Self(Repr::Short { bytes: [0; SHORT], len: 0 })
    }

    fn number(is_negative: bool, mut magnitude: u64) -> Self {
        // As many digits as the largest has, and a sign.
        const MOST: usize = 21;
        let (mut digits, mut start) = ([0; MOST], MOST);
        loop {
            start -= 1;
            digits[start] = b'0' + (magnitude % 10) as u8;
            magnitude /= 10;
            if magnitude == 0 {
                break;
            }
        }
        if is_negative {
            start -= 1;
            digits[start] = b'-';
        }
        let (mut bytes, len) = ([0; SHORT], MOST - start);
        bytes[..len].copy_from_slice(&digits[start..]);
        Self(Repr::Short { bytes, len: len as u8 })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // Only whole texts are ever put in, so this is one.
            Repr::Short { bytes, len } => {
                std::str::from_utf8(&bytes[..usize::from(*len)]).unwrap_or_default()
            }
            Repr::Long(text) => text,
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::new()
    }
}

impl Write for Text {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        match &mut self.0 {
            Repr::Long(text) => text.push_str(more),
            Repr::Short { bytes, len } => {
                let (start, end) = (usize::from(*len), usize::from(*len) + more.len());
                if let Some(room) = bytes.get_mut(start..end) {
                    room.copy_from_slice(more.as_bytes());
                    *len = end as u8;
                } else {
                    let mut text = String::with_capacity(end.max(2 * SHORT));
                    text.push_str(self.as_str());
                    text.push_str(more);
                    self.0 = Repr::Long(text);
                }
            }
        }
        Ok(())
    }
}

impl Key<'_> {
    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Written(text) => text.as_str(),
        }
    }
}

impl fmt::Debug for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// Something that can stand as a key in a store: texts, whole numbers, and tuples of those.
///
/// Equal values give equal texts and different values of one type different ones, in every process and version. The parts
/// of a tuple are joined by `:`, and a `:` or `\` inside a part is written `\:` or `\\`, so that `("a:b", "c")` and
/// `("a", "b:c")` stay apart.
///
/// ```
/// use mainstay_runtime::store::ToKey;
///
/// assert_eq!("order-7".to_key().as_str(), "order-7");
/// assert_eq!((7_u64, "eu").to_key().as_str(), "7:eu");
/// assert_ne!(("a:b", "c").to_key().as_str(), ("a", "b:c").to_key().as_str());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key: a key is a text, a whole number, or a tuple of those",
    label = "give this as text, for instance with `.to_string()`",
    note = "or implement `mainstay::store::ToKey` for `{Self}`; floating-point numbers make no keys, because equal amounts can differ in their last digit"
)]
pub trait ToKey {
    /// The key as text.
    fn to_key(&self) -> Key<'_>;
}

macro_rules! texts {
    ($($text:ty)*) => {$(
        impl ToKey for $text {
            #[inline]
            fn to_key(&self) -> Key<'_> {
                Key::Borrowed(self)
            }
        }
    )*};
}

texts!(str String Box<str> Arc<str> Rc<str> Cow<'_, str>);

/// Digits are put in place, not written through a formatter: that takes longer than finding the record.
macro_rules! integers {
    ($($number:ty)*) => {$(
        impl ToKey for $number {
            #[inline]
            #[allow(unused_comparisons)]
            fn to_key(&self) -> Key<'_> {
                Key::Written(Text::number(*self < 0, u64::from(self.abs_diff(0))))
            }
        }
    )*};
}

integers!(u8 u16 u32 u64 i8 i16 i32 i64);

macro_rules! written {
    ($($number:ty)*) => {$(
        impl ToKey for $number {
            #[inline]
            fn to_key(&self) -> Key<'_> {
                let mut text = Text::new();
                // Writing to our own text never fails.
                let _ = write!(text, "{self}");
                Key::Written(text)
            }
        }
    )*};
}

written!(bool char u128 usize i128 isize);

impl<K: ToKey + ?Sized> ToKey for &K {
    #[inline]
    fn to_key(&self) -> Key<'_> {
        (**self).to_key()
    }
}

impl<K: ToKey + ?Sized> ToKey for &mut K {
    #[inline]
    fn to_key(&self) -> Key<'_> {
        (**self).to_key()
    }
}

impl ToKey for Key<'_> {
    fn to_key(&self) -> Key<'_> {
        Key::Borrowed(self.as_str())
    }
}

fn push_part(text: &mut Text, part: &str) {
    for piece in part.split_inclusive(['\\', ':']) {
        match piece.strip_suffix(['\\', ':']) {
            Some(before) => {
                let _ = text.write_str(before);
                let _ = text.write_str("\\");
                let _ = text.write_str(&piece[before.len()..]);
            }
            None => {
                let _ = text.write_str(piece);
            }
        }
    }
}

macro_rules! tuples {
    ($($first:ident $($rest:ident)*;)*) => {$(
        impl<$first: ToKey, $($rest: ToKey),*> ToKey for ($first, $($rest,)*) {
            #[allow(non_snake_case)]
            fn to_key(&self) -> Key<'_> {
                let ($first, $($rest,)*) = self;
                let mut text = Text::new();
                push_part(&mut text, $first.to_key().as_str());
                $(
                    let _ = text.write_str(":");
                    push_part(&mut text, $rest.to_key().as_str());
                )*
                Key::Written(text)
            }
        }
    )*};
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_any_length_comes_back_as_it_was_written() {
        for length in [0, 1, SHORT - 1, SHORT, SHORT + 1, 500] {
            let expected: String = "abcé".chars().cycle().take(length).collect();
            let mut text = Text::new();
            for c in expected.chars() {
                text.write_char(c).unwrap();
            }
            assert_eq!(text.as_str(), expected);
        }
    }

    #[test]
    fn tuples_that_differ_have_keys_that_differ() {
        let parts = ["", "a", ":", "\\", "a:", ":a", "\\:", ":\\", "\\\\"];
        let mut seen = std::collections::HashMap::new();
        for first in parts {
            for second in parts {
                let key = (first, second).to_key().as_str().to_owned();
                assert_eq!(seen.insert(key, (first, second)), None);
            }
        }
    }

    #[test]
    fn numbers_are_written_in_full() {
        macro_rules! all {
            ($($number:ty)*) => {$(
                for number in [<$number>::MIN, <$number>::MAX, 0, 1, 9, 10, 99, 100, 7 * (<$number>::MAX / 9)] {
                    assert_eq!(number.to_key().as_str(), number.to_string());
                }
            )*};
        }
        all!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
        assert_eq!((u64::MAX, -1, true, 'x').to_key().as_str(), format!("{}:-1:true:x", u64::MAX));
    }
}
