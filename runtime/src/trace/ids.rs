use std::{fmt, num::NonZeroU64};

/// The id of a trace: sixteen bytes that are not all zero, printed as 32 lower-case hexadecimal digits.
///
/// ```
/// use mainstay_runtime::trace::TraceId;
///
/// let id = TraceId::parse("4bf92f3577b34da6a3ce929d0e0e4736").unwrap();
/// assert_eq!(id.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
/// assert_eq!(TraceId::parse("00000000000000000000000000000000"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TraceId {
    high: u64,
    low: u64,
}

impl TraceId {
    /// The id of those two halves; `None` if both are zero.
    #[inline]
    pub const fn from_halves(high: u64, low: u64) -> Option<Self> {
        if high == 0 && low == 0 { None } else { Some(Self { high, low }) }
    }

    /// The id of those bytes, the first one the most significant; `None` if all are zero.
    pub const fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
        let whole = u128::from_be_bytes(bytes);
        Self::from_halves((whole >> 64) as u64, whole as u64)
    }

    /// The sixteen bytes.
    pub const fn to_bytes(self) -> [u8; 16] {
        (((self.high as u128) << 64) | self.low as u128).to_be_bytes()
    }

    /// The lower half: what samplers by ratio look at, as it is random in every generation of ids.
    #[inline]
    pub const fn low(self) -> u64 {
        self.low
    }

    /// Reads 32 lower-case hexadecimal digits.
    pub fn parse(digits: &str) -> Option<Self> {
        let (high, low) = digits.split_at_checked(16)?;
        Self::from_halves(hex(high)?, hex(low)?)
    }
}

/// The id of a span: eight bytes that are not all zero, printed as 16 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpanId(NonZeroU64);

impl SpanId {
    /// The id of that number; `None` if it is zero.
    #[inline]
    pub const fn from_u64(id: u64) -> Option<Self> {
        match NonZeroU64::new(id) {
            Some(id) => Some(Self(id)),
            None => None,
        }
    }

    /// The id as a number.
    #[inline]
    pub const fn to_u64(self) -> u64 {
        self.0.get()
    }

    /// The id of those bytes, the first one the most significant; `None` if all are zero.
    pub const fn from_bytes(bytes: [u8; 8]) -> Option<Self> {
        Self::from_u64(u64::from_be_bytes(bytes))
    }

    /// The eight bytes.
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0.get().to_be_bytes()
    }

    /// Reads 16 lower-case hexadecimal digits.
    pub fn parse(digits: &str) -> Option<Self> {
        Self::from_u64(hex(digits)?)
    }
}

/// Sixteen lower-case hexadecimal digits as a number.
fn hex(digits: &str) -> Option<u64> {
    if digits.len() != 16 {
        return None;
    }
    digits
        .bytes()
        .try_fold(0u64, |number, digit| Some((number << 4) | u64::from(crate::propagate::digit(digit)?)))
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{:016x}", self.high, self.low)
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_digits_agree() {
        let id = TraceId::parse("4bf92f3577b34da6a3ce929d0e0e4736").unwrap();
        assert_eq!(TraceId::from_bytes(id.to_bytes()), Some(id));
        assert_eq!(id.to_bytes()[0], 0x4b);
        let id = SpanId::parse("00f067aa0ba902b7").unwrap();
        assert_eq!(SpanId::from_bytes(id.to_bytes()), Some(id));
        assert_eq!(id.to_string(), "00f067aa0ba902b7");
    }

    #[test]
    fn what_is_no_id_is_none() {
        for digits in ["", "4BF92F3577B34DA6A3CE929D0E0E4736", "4bf92f3577b34da6a3ce929d0e0e473", "+", "ä"] {
            assert_eq!(TraceId::parse(digits), None, "{digits}");
        }
        for digits in ["0000000000000000", "00f067aa0ba902b", "00f067aa0ba902b77", "00f067aa0ba902bg"] {
            assert_eq!(SpanId::parse(digits), None, "{digits}");
        }
    }
}
