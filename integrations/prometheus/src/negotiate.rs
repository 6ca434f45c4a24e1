//! What the one who asks can read.

use mainstay_runtime::metrics::TextFormat;

/// The format that an `Accept` header prefers; Prometheus' own where it says nothing, as anything reads that.
pub(crate) fn format(accept: Option<&str>) -> TextFormat {
    let Some(accept) = accept else { return TextFormat::Prometheus };
    let (mut open, mut text) = (0.0_f64, 0.0_f64);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let (mut quality, mut version) = (1.0, None);
        for part in parts {
            match part.split_once('=').map(|(name, value)| (name.trim(), value.trim().trim_matches('"'))) {
                Some(("q", value)) => quality = value.parse().unwrap_or(0.0),
                Some(("version", value)) => version = Some(value.to_owned()),
                _ => {}
            }
        }
        match media.as_str() {
            "application/openmetrics-text" if version.as_deref().is_none_or(|version| version == "1.0.0") => {
                open = open.max(quality);
            }
            "text/plain" | "text/*" | "*/*" => text = text.max(quality),
            _ => {}
        }
    }
    if open > 0.0 && open >= text { TextFormat::OpenMetrics } else { TextFormat::Prometheus }
}

/// Whether an `Accept-Encoding` header takes gzip.
pub(crate) fn takes_gzip(accept: Option<&str>) -> bool {
    accept.into_iter().flat_map(|accept| accept.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip") || name == "*");
        let refused = parts.filter_map(|part| part.strip_prefix("q=")).any(|q| q.trim().parse() == Ok(0.0));
        is_gzip && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openmetrics_is_for_those_who_prefer_it() {
        let prometheus = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                          text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        for (accept, expected) in [
            (Some(prometheus), TextFormat::OpenMetrics),
            (Some("application/openmetrics-text; version=\"1.0.0\"; charset=utf-8"), TextFormat::OpenMetrics),
            (Some("text/plain, application/openmetrics-text;q=0.5"), TextFormat::Prometheus),
            (Some("application/openmetrics-text;q=0"), TextFormat::Prometheus),
            (Some("application/openmetrics-text;version=0.0.1"), TextFormat::Prometheus),
            (Some("text/html,*/*"), TextFormat::Prometheus),
            (Some(";;;,=,q"), TextFormat::Prometheus),
            (None, TextFormat::Prometheus),
        ] {
            assert_eq!(format(accept), expected, "{accept:?}");
        }
    }

    #[test]
    fn gzip_is_for_those_who_take_it() {
        assert!(takes_gzip(Some("deflate, gzip;q=0.8")) && takes_gzip(Some("*")) && takes_gzip(Some("GZIP")));
        assert!(!takes_gzip(Some("gzip;q=0")) && !takes_gzip(Some("identity")) && !takes_gzip(None));
    }
}
