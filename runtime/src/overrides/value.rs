//! Values in the grammar of the attributes' literals. An error is a clause: what was found and what to write.

use std::time::Duration;

use super::suggest::nearest;
use crate::rate_limit::Rate;

const UNITS: [(&str, u64); 9] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

/// A text such as `1m30s`, `250ms`, `1.5s`, `2h`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    const EXAMPLE: &str = "write for example 250ms, 2s or 1m30s";
    if text.is_empty() {
        return Err(format!("there is no value; {EXAMPLE}"));
    }
    if text.starts_with('-') {
        return Err(format!("`{text}`: a duration cannot be negative; {EXAMPLE}"));
    }
    let (mut rest, mut total, mut last_unit) = (text, 0_u64, u64::MAX);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(rest.len());
        let (written, after) = rest.split_at(digits);
        let letters = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let number = written.replace('_', "");
        if number.is_empty() {
            return Err(format!("`{text}` is no duration: a number is missing before `{rest}`; {EXAMPLE}"));
        }
        if unit.is_empty() && after.starts_with(char::is_whitespace) {
            let unit = after.trim_start();
            return Err(format!("`{text}`: no blank stands before a unit; write {written}{unit}"));
        }
        if unit.is_empty() {
            return Err(format!("`{text}`: a duration needs a unit; write {written}s or {written}ms"));
        }
        let Some((_, nanos)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(format!("`{unit}` is no unit of time; write ns, us, ms, s, m, h or d"));
        };
        if *nanos >= last_unit {
            return Err(format!("`{text}`: write larger units first and each once; {EXAMPLE}"));
        }
        last_unit = *nanos;
        total = scale(&number, *nanos).and_then(|part| total.checked_add(part)).ok_or_else(|| {
            format!(
                "`{written}{unit}` is no whole number of nanoseconds, or more than 584 years; write a shorter one"
            )
        })?;
        rest = after.trim_start();
    }
    Ok(Duration::from_nanos(total))
}

/// `number × unit`, if that is whole and fits.
fn scale(number: &str, unit: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()? };
    let nanos = whole.checked_mul(unit)?;
    if fraction.is_empty() {
        return Some(nanos);
    }
    let digits = fraction.parse::<u64>().ok()?;
    let divisor = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let scaled = u128::from(digits) * u128::from(unit);
    if !scaled.is_multiple_of(divisor) {
        return None;
    }
    nanos.checked_add(u64::try_from(scaled / divisor).ok()?)
}

/// So many per period, such as `100/s`.
pub(super) fn rate(text: &str) -> Result<Rate, String> {
    const EXAMPLE: &str = "write for example 100/s, 5/min, 1000/h or 10/250ms";
    let Some((amount, period)) = text.split_once('/') else {
        return Err(match text.parse::<f64>() {
            Ok(_) => format!("`{text}`: a rate needs a period; write {text}/s"),
            Err(_) => format!("`{text}` is no rate; {EXAMPLE}"),
        });
    };
    let amount = match amount.trim().replace('_', "").parse::<u32>() {
        Ok(0) => return Err(format!("`{text}`: a rate of zero would admit nothing; {EXAMPLE}")),
        Ok(amount) => amount,
        Err(_) => {
            return Err(format!("`{text}`: `{amount}` is no whole number from 1 to {}; {EXAMPLE}", u32::MAX));
        }
    };
    let per = match period.trim() {
        "s" | "sec" | "second" => Duration::from_secs(1),
        "m" | "min" | "minute" => Duration::from_secs(60),
        "h" | "hour" => Duration::from_secs(3_600),
        "d" | "day" => Duration::from_secs(86_400),
        "ms" => Duration::from_millis(1),
        other => {
            duration(other).map_err(|_| format!("`{text}`: `{other}` is no period of time; {EXAMPLE}"))?
        }
    };
    let rate = Rate::new(amount, per);
    rate.check().map_err(|error| format!("`{text}`: {}", error.problem()))?;
    Ok(rate)
}

/// A whole number.
pub(super) fn count(text: &str) -> Result<u32, String> {
    let digits = text.replace('_', "");
    if digits.is_empty() {
        return Err("there is no value; write a whole number such as 3".to_owned());
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.parse().map_err(|_| format!("`{text}` is too large; write at most {}", u32::MAX));
    }
    Err(format!("`{text}` is no whole number; write for example 3"))
}

/// A finite number.
pub(super) fn number(text: &str) -> Result<f64, String> {
    match text.replace('_', "").parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ if text.is_empty() => Err("there is no value; write a number such as 1.5".to_owned()),
        _ => Err(format!("`{text}` is no number; write for example 1.5")),
    }
}

/// A share from 0 to 1.
pub(super) fn ratio(text: &str) -> Result<f64, String> {
    if let Some(percent) = text.strip_suffix('%')
        && let Ok(percent) = number(percent.trim_end())
    {
        return Err(format!("`{text}`: a share lies between 0 and 1; write {}", percent / 100.0));
    }
    let share = number(text).map_err(|_| format!("`{text}` is no share; write for example 0.5"))?;
    if share > 1.0 && share <= 100.0 {
        return Err(format!("`{text}`: a share lies between 0 and 1; for {share} % write {}", share / 100.0));
    }
    if !(0.0..=1.0).contains(&share) {
        return Err(format!("`{text}`: a share lies between 0 and 1; write for example 0.5"));
    }
    Ok(share)
}

/// `true` or `false`.
pub(super) fn flag(text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        "" => Err("there is no value; write true or false".to_owned()),
        "on" | "yes" | "1" | "True" | "TRUE" => {
            Err(format!("`{text}` is neither true nor false; write true"))
        }
        "off" | "no" | "0" | "False" | "FALSE" => {
            Err(format!("`{text}` is neither true nor false; write false"))
        }
        _ => Err(format!("`{text}` is neither true nor false")),
    }
}

/// Which of the words it is.
pub(super) fn word(text: &str, words: &[&str]) -> Result<usize, String> {
    words.iter().position(|word| *word == text).ok_or_else(|| {
        let all = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let hint = nearest(text, words.iter().copied()).map(|word| format!("did you mean `{word}`? "));
        format!("`{text}` is none of its words; {}write one of {all}", hint.unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says<T: std::fmt::Debug>(read: Result<T, String>, part: &str) {
        assert!(read.as_ref().is_err_and(|problem| problem.contains(part)), "{part}: {read:?}");
    }

    #[test]
    fn values_are_read_as_the_attributes_read_theirs() {
        for (text, nanos) in [
            ("250ms", 250_000_000),
            ("1m30s", 90_000_000_000),
            ("1m 30s", 90_000_000_000),
            ("1.5s", 1_500_000_000),
            ("0s", 0),
            ("5us", 5_000),
            ("1_000ms", 1_000_000_000),
            ("1d2h3m4s5ms6us7ns", 93_784_005_006_007),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_nanos(nanos)), "{text}");
        }
        assert_eq!(rate("100/s"), Ok(Rate::per_second(100)));
        assert_eq!(rate("5 / min"), Ok(Rate::per_minute(5)));
        assert_eq!(rate("10/250ms"), Ok(Rate::new(10, Duration::from_millis(250))));
        assert_eq!((count("1_000"), number("-2.5"), ratio("0.5")), (Ok(1000), Ok(-2.5), Ok(0.5)));
        assert_eq!((flag("true"), flag("false"), word("b", &["a", "b"])), (Ok(true), Ok(false), Ok(1)));
    }

    #[test]
    fn what_is_no_value_is_told_with_what_to_write() {
        for (text, part) in [
            ("", "no value"),
            ("5", "write 5s or 5ms"),
            ("10 s", "write 10s"),
            ("ms", "a number is missing"),
            ("\"5s\"", "a number is missing"),
            ("-5s", "negative"),
            ("5parsecs", "no unit of time"),
            ("5s1m", "larger units first"),
            ("99999999999h", "584 years"),
            ("0.1ns", "no whole number"),
            ("1.2.3s", "no whole number"),
        ] {
            says(duration(text), part);
        }
        for (text, part) in [
            ("100", "write 100/s"),
            ("many", "no rate"),
            ("0/s", "zero"),
            ("1.5/s", "no whole number"),
            ("10/0s", "period"),
            ("10/fortnight", "no period"),
            ("2000000000/s", "billion"),
        ] {
            says(rate(text), part);
        }
        says(count("-1"), "no whole number");
        says(count("5000000000"), "too large");
        says(number("NaN"), "no number");
        says(ratio("50"), "write 0.5");
        says(ratio("50 %"), "write 0.5");
        says(ratio("-1"), "between 0 and 1");
        says(flag("1"), "write true");
        says(word("c", &["a", "b"]), "`a`, `b`");
        says(word("gradent", &["aimd", "gradient"]), "did you mean `gradient`?");
    }
}
