//! Numbers that come as text, of a `serde_json::Number` with `arbitrary_precision`.

use super::CanonicalError;

pub(super) enum Number<'a> {
    /// Its digits, without needless ones.
    Integer(&'a str),
    Float(f64),
}

/// # Errors
/// The text is no number, or one that a double does not hold.
pub(super) fn read(text: &str) -> Result<Number<'_>, CanonicalError> {
    if text.bytes().skip(usize::from(text.starts_with('-'))).all(|byte| byte.is_ascii_digit())
        && (text.parse::<i128>().is_ok() || text.parse::<u128>().is_ok())
    {
        return Ok(Number::Integer(if text == "-0" { "0" } else { text }));
    }
    let none = || CanonicalError::new(format!("`{text}` is no number"));
    let float: f64 = text.parse().map_err(|_| none())?;
    let given = significant(text).ok_or_else(none)?;
    if significant(ryu_js::Buffer::new().format(float)) == Some(given) {
        return Ok(Number::Float(float));
    }
    Err(CanonicalError::new(format!(
        "`{text}` has more digits than a double holds, so others would read another number: give it as text"
    )))
}

/// The sign, the digits that count and the power of ten of the last of them.
fn significant(text: &str) -> Option<(bool, String, i64)> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (negative, mantissa) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = all.trim_start_matches('0').trim_end_matches('0');
    if digits.is_empty() {
        return Some((false, String::new(), 0));
    }
    let zeros = all.len() - all.trim_end_matches('0').len();
    let exponent: i64 = exponent.parse().ok()?;
    let power = exponent.checked_add(zeros as i64)?.checked_sub(fraction.len() as i64)?;
    Some((negative, digits.to_owned(), power))
}

#[cfg(test)]
mod tests {
    use super::super::Output;

    fn written(text: &str) -> Result<String, String> {
        let mut output = Output::new();
        output.decimal(text).map(|()| output.into_text()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_number_that_comes_as_text_is_written_as_if_it_were_one() {
        for (text, expected) in [
            ("0", "0"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("1.50", "1.5"),
            ("1e2", "100"),
            ("1E+21", "1e+21"),
            ("0.1", "0.1"),
            ("170141183460469231731687303715884105727", "170141183460469231731687303715884105727"),
        ] {
            assert_eq!(written(text).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn a_number_that_no_double_holds_is_refused() {
        for text in
            ["0.10000000000000000001", "1e400", "123456789012345678901234567890123456789012", "1e-400"]
        {
            assert!(written(text).unwrap_err().contains("give it as text"), "{text}");
        }
        for text in ["", "-", "NaN", "inf", "1e", "e1", ".", "0x1"] {
            assert!(written(text).unwrap_err().contains("no number"), "{text}");
        }
    }
}
