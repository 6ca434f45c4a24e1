//! What a collector shows, for those who ask for it.

use crate::metrics::{Collect, TextEncoder, TextFormat};

/// The lines of the series with that label, with `@` in its place.
pub(crate) fn lines(shown: &impl Collect, label: &str, value: &str) -> Vec<String> {
    let mut encoder = TextEncoder::new(TextFormat::Prometheus);
    shown.collect(&mut encoder);
    let own = format!("{label}=\"{value}\"");
    let text = encoder.finish();
    text.lines().filter(|line| line.contains(&own)).map(|line| line.replace(&own, "@")).collect()
}

/// Asserts that all of these are among them.
pub(crate) fn has(lines: &[String], expected: &[&str]) {
    for line in expected {
        assert!(lines.iter().any(|there| there == line), "no `{line}` in {lines:#?}");
    }
}
