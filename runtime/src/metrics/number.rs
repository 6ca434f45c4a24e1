//! Numbers as Prometheus reads them, written without a formatter.

pub(super) fn push_u64(out: &mut String, value: u64) {
    out.push_str(itoa::Buffer::new().format(value));
}

pub(super) fn push_i64(out: &mut String, value: i64) {
    out.push_str(itoa::Buffer::new().format(value));
}

/// The shortest text that reads back as the same number; whole numbers without a point, which both formats allow.
pub(super) fn push_f64(out: &mut String, value: f64) {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        value if value.is_nan() => out.push_str("NaN"),
        f64::INFINITY => out.push_str("+Inf"),
        f64::NEG_INFINITY => out.push_str("-Inf"),
        value if value.trunc() == value && value.abs() < EXACT => {
            // A negative zero is a zero here.
            push_i64(out, value as i64);
        }
        value => out.push_str(zmij::Buffer::new().format_finite(value)),
    }
}

/// The bound of a bucket or a quantile, in the form that OpenMetrics calls canonical: always with a point or an exponent.
pub(crate) fn bound(value: f64) -> String {
    if value == f64::INFINITY { "+Inf".to_owned() } else { zmij::Buffer::new().format(value).to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: f64) -> String {
        let mut out = String::new();
        push_f64(&mut out, value);
        out
    }

    #[test]
    fn numbers_read_back_as_they_were() {
        for value in [0.1, -2.5, 1e-9, 1.5e300, f64::MAX, f64::MIN_POSITIVE, 1e15, 123_456.789, 9.1e15] {
            assert_eq!(text(value).parse(), Ok(value));
        }
        assert_eq!((text(3.0).as_str(), text(-0.0).as_str(), text(-7.0).as_str()), ("3", "0", "-7"));
    }

    #[test]
    fn what_is_no_number_has_the_formats_own_words() {
        assert_eq!(text(f64::NAN), "NaN");
        assert_eq!(text(f64::INFINITY), "+Inf");
        assert_eq!(text(f64::NEG_INFINITY), "-Inf");
    }

    #[test]
    fn bounds_are_canonical() {
        assert_eq!([bound(1.0), bound(0.005), bound(f64::INFINITY)], ["1.0", "0.005", "+Inf"]);
    }
}
