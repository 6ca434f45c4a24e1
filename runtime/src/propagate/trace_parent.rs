use std::fmt;

use crate::trace::{SpanContext, SpanId, TraceFlags, TraceId};

/// The value of the header `traceparent`, printed by `Display`.
///
/// ```
/// use mainstay_runtime::trace::SpanContext;
///
/// let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
/// let span = SpanContext::from_traceparent(header).unwrap();
/// assert!(span.is_sampled() && span.is_remote);
/// assert_eq!(span.to_traceparent().to_string(), header);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceParent(pub(crate) SpanContext);

impl TraceParent {
    /// Reads a value of any version that there is or will be; `None` if it is no `traceparent`.
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.trim_matches([' ', '\t']);
        let (version, rest) = (byte(value.get(..2)?)?, value.get(2..)?);
        let known = (rest.get(..53)?, rest.get(53..)?);
        let (fields, more) = known;
        match version {
            0xff => return None,
            0 if !more.is_empty() => return None,
            // A later version may add fields, after a dash.
            _ if !more.is_empty() && !more.starts_with('-') => return None,
            _ => {}
        }
        let mut parts = fields.split('-');
        let (before, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if !before.is_empty() || parts.next().is_some() {
            return None;
        }
        let (trace, span) = (TraceId::parse(trace)?, SpanId::parse(span)?);
        Some(Self(SpanContext::new(trace, span, TraceFlags::from_byte(byte(flags)?)).remote()))
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SpanContext { trace_id, span_id, flags, .. } = self.0;
        write!(f, "00-{trace_id}-{span_id}-{:02x}", flags.to_byte())
    }
}

/// The number that a lower-case hexadecimal digit stands for.
pub(crate) fn digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

fn byte(digits: &str) -> Option<u8> {
    match digits.as_bytes() {
        [high, low] => Some((digit(*high)? << 4) | digit(*low)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    //! The cases of the W3C's own test suite, <https://github.com/w3c/trace-context/tree/main/test>.

    use super::*;

    const TRACE: &str = "12345678901234567890123456789012";
    const SPAN: &str = "1234567890123456";

    fn parses(value: &str) -> bool {
        TraceParent::parse(value).is_some()
    }

    #[test]
    fn a_traceparent_is_read_and_printed() {
        for flags in ["00", "01", "03"] {
            let value = format!("00-{TRACE}-{SPAN}-{flags}");
            assert_eq!(TraceParent::parse(&value).unwrap().to_string(), value);
        }
        let unknown = TraceParent::parse(&format!("00-{TRACE}-{SPAN}-ff")).unwrap();
        assert!(unknown.0.is_sampled() && unknown.to_string().ends_with("-03"));
    }

    #[test]
    fn a_version_0_has_exactly_its_fields() {
        assert!(parses(&format!("00-{TRACE}-{SPAN}-01")));
        assert!(!parses(&format!("00-{TRACE}-{SPAN}-01.")));
        assert!(!parses(&format!("00-{TRACE}-{SPAN}-01-what-the-future-will-be-like")));
    }

    #[test]
    fn a_later_version_may_have_more_fields() {
        assert!(parses(&format!("cc-{TRACE}-{SPAN}-01")));
        assert!(parses(&format!("cc-{TRACE}-{SPAN}-01-what-the-future-will-be-like")));
        assert!(!parses(&format!("cc-{TRACE}-{SPAN}-01.what-the-future-will-not-be-like")));
    }

    #[test]
    fn illegal_versions_ids_and_flags_are_refused() {
        for value in [
            format!("ff-{TRACE}-{SPAN}-01"),
            format!(".0-{TRACE}-{SPAN}-01"),
            format!("0.-{TRACE}-{SPAN}-01"),
            format!("000-{TRACE}-{SPAN}-01"),
            format!("0000-{TRACE}-{SPAN}-01"),
            format!("0-{TRACE}-{SPAN}-01"),
            format!("00-00000000000000000000000000000000-{SPAN}-01"),
            format!("00-.234567890123456789012345678901.-{SPAN}-01"),
            format!("00-1234567890123456789012345678901.-{SPAN}-01"),
            format!("00-123456789012345678901234567890123-{SPAN}-01"),
            format!("00-1234567890123456789012345678901-{SPAN}-01"),
            format!("00-{TRACE}-0000000000000000-01"),
            format!("00-{TRACE}-.234567890123456-01"),
            format!("00-{TRACE}-123456789012345.-01"),
            format!("00-{TRACE}-12345678901234567-01"),
            format!("00-{TRACE}-123456789012345-01"),
            format!("00-{TRACE}-{SPAN}-.0"),
            format!("00-{TRACE}-{SPAN}-0."),
            format!("00-{TRACE}-{SPAN}-0"),
            format!("00-{TRACE}-{SPAN}-001"),
            format!("00-{}-{SPAN}-01", "ABCDEF78901234567890123456789012"),
            format!("00_{TRACE}-{SPAN}-01"),
            format!("00-{TRACE}_{SPAN}-01"),
            String::new(),
            "ä0-".to_owned(),
            format!("00-{TRACE}-{SPAN}ä01"),
        ] {
            assert!(!parses(&value), "{value}");
        }
    }

    #[test]
    fn white_space_around_it_is_no_part_of_it() {
        assert!(parses(&format!(" \t 00-{TRACE}-{SPAN}-01\t ")));
    }
}
