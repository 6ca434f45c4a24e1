//! Percent-encoding, as the values of baggage have it.

use std::borrow::Cow;

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// What may stand in a value as it is: `baggage-octet`, without the `%` that begins an escape.
fn is_plain(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x24 | 0x26..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e)
}

pub(super) fn encode(value: &str, into: &mut String) {
    for byte in value.bytes() {
        if is_plain(byte) {
            into.push(byte.into());
        } else {
            into.push('%');
            into.push(DIGITS[usize::from(byte >> 4)].into());
            into.push(DIGITS[usize::from(byte & 15)].into());
        }
    }
}

/// `None` where a byte stands that may not. What is no UTF-8 once it is decoded is replaced, as the standard says.
pub(crate) fn decode(value: &str) -> Option<Cow<'_, str>> {
    if value.bytes().all(is_plain) {
        return Some(Cow::Borrowed(value));
    }
    let (mut bytes, mut rest) = (Vec::with_capacity(value.len()), value.bytes());
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                bytes.push((high * 16 + low) as u8);
            }
            byte if is_plain(byte) => bytes.push(byte),
            _ => return None,
        }
    }
    Some(Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_as_it_was() {
        let mut random = fastrand::Rng::with_seed(7);
        for length in 0..200 {
            let value: String = (0..length).map(|_| random.char('\0'..='\u{2fff}')).collect();
            let mut encoded = String::new();
            encode(&value, &mut encoded);
            assert!(encoded.bytes().all(|byte| byte == b'%' || is_plain(byte)), "{encoded}");
            assert_eq!(decode(&encoded).as_deref(), Some(value.as_str()));
        }
    }

    #[test]
    fn what_no_value_may_hold_is_none() {
        for value in ["a b", "a\"b", "a,b", "a;b", "a\\b", "é", "%", "%4", "%zz", "a\n"] {
            assert_eq!(decode(value), None, "{value}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        assert_eq!(decode("a%ffb").as_deref(), Some("a\u{fffd}b"));
    }
}
