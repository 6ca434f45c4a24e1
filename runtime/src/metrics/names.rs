//! What metrics and labels may be called.

use std::borrow::Cow;

use super::MetricError;

/// A name for Prometheus out of any text: dots, dashes and whatever else it does not allow become `_`.
pub(crate) fn mapped(name: &str) -> Cow<'_, str> {
    let allowed = |index: usize, byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'_' | b':' => true,
        b'0'..=b'9' => index > 0,
        _ => false,
    };
    if !name.is_empty() && name.bytes().enumerate().all(|(index, byte)| allowed(index, byte)) {
        return Cow::Borrowed(name);
    }
    let mut text = String::with_capacity(name.len() + 1);
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        text.push('_');
    }
    text.extend(name.chars().map(|c| if c.is_ascii_alphanumeric() || c == ':' { c } else { '_' }));
    Cow::Owned(text)
}

/// The same for the name of a label, which has no colons and does not begin with two underscores.
pub(crate) fn mapped_label(name: &str) -> Cow<'_, str> {
    let mut text = mapped(name);
    if text.contains(':') {
        text = Cow::Owned(text.replace(':', "_"));
    }
    if text.starts_with("__") {
        text = Cow::Owned(text.trim_start_matches('_').to_owned());
        if text.is_empty() || text.starts_with(|first: char| first.is_ascii_digit()) {
            text = Cow::Owned(format!("_{text}"));
        }
    }
    text
}

/// A metric's name without the ending that its kind gives it. Written names are not mended: a name that is no name is a
/// mistake to be told of.
pub(crate) fn check(name: &str, is_counter: bool) -> Result<String, MetricError> {
    if mapped(name) != name {
        let instead = mapped(name);
        return Err(MetricError::new(
            name,
            format!(
                "a name is made of letters, digits, `_` and `:`, and no digit comes first: write `{instead}`"
            ),
        ));
    }
    let base = if is_counter { name.strip_suffix("_total").unwrap_or(name) } else { name };
    if base.is_empty() {
        return Err(MetricError::new(name, "say what is counted: `requests_total`"));
    }
    let reserved = ["_total", "_bucket", "_count", "_sum", "_created", "_info"];
    if let Some(ending) = reserved.iter().find(|ending| base.ends_with(**ending)) {
        return Err(MetricError::new(
            name,
            format!("`{ending}` is an ending that formats add themselves: leave it out"),
        ));
    }
    Ok(base.to_owned())
}

/// A label's name.
pub(crate) fn check_label(metric: &str, name: &str) -> Result<(), MetricError> {
    if matches!(name, "le" | "quantile") {
        let problem = format!("the label `{name}` belongs to the format: call it something else");
        return Err(MetricError::new(metric, problem));
    }
    if mapped_label(name) != name {
        let instead = mapped_label(name);
        let problem = format!("`{name}` is no name of a label: write `{instead}`");
        return Err(MetricError::new(metric, problem));
    }
    Ok(())
}

/// The unit that a name ends in, where it is one of the base units of Prometheus.
pub(crate) fn unit(base: &str) -> Option<&'static str> {
    const UNITS: [&str; 8] = ["seconds", "bytes", "ratio", "celsius", "meters", "volts", "amperes", "joules"];
    UNITS.into_iter().find(|unit| base.strip_suffix(unit).is_some_and(|rest| rest.ends_with('_')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_names_become_names_that_prometheus_knows() {
        assert_eq!(mapped("api.requests"), "api_requests");
        assert_eq!(mapped("2xx-größe"), "_2xx_gr__e");
        assert_eq!(mapped(""), "_");
        assert_eq!(mapped("ns:ok_1"), "ns:ok_1");
        assert_eq!(mapped_label("__name__"), "name__");
        assert_eq!(mapped_label("a:b.c"), "a_b_c");
        assert_eq!(mapped_label("__1"), "_1");
    }

    #[test]
    fn written_names_are_checked_and_the_remedy_is_named() {
        assert_eq!(check("orders_total", true).as_deref(), Ok("orders"));
        assert_eq!(check("orders", true).as_deref(), Ok("orders"));
        let error = check("api.requests", true).unwrap_err();
        assert!(error.to_string().contains("write `api_requests`"), "{error}");
        assert!(check("latency_bucket", false).unwrap_err().to_string().contains("`_bucket`"));
        assert!(check("_total", true).is_err());
        assert!(check_label("m", "le").is_err() && check_label("m", "ok").is_ok());
    }

    #[test]
    fn units_are_read_off_names() {
        assert_eq!(unit("request_duration_seconds"), Some("seconds"));
        assert_eq!(unit("milliseconds"), None);
        assert_eq!(unit("orders"), None);
    }
}
