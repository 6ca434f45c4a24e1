use std::time::Duration;

use mainstay::metrics::{TextFormat, registry};

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The lines of a scrape that are about this function, without the names of families' common beginning and with `@` in
/// place of the function.
pub(crate) fn scraped(function: &str) -> Vec<String> {
    let own = format!("function=\"{function}\"");
    let text = registry().encode(TextFormat::Prometheus);
    let lines = text.lines().filter(|line| line.contains(&own));
    lines.map(|line| line.replace(&own, "@").replace("mainstay_function_", "")).collect()
}

#[track_caller]
pub(crate) fn assert_scraped(function: &str, expected: &[&str]) {
    let lines = scraped(function);
    for line in expected {
        assert!(lines.iter().any(|there| there == line), "no `{line}` in {lines:#?}");
    }
}
