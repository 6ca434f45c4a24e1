//! Options by name, from the line in which a policy describes its configuration.

/// The options of a policy of that attribute.
pub(super) fn read(attribute: &str, config: &str) -> Vec<(String, String)> {
    match attribute {
        "metered" => {
            parts(config, "; ").filter(|part| *part != "no labels, no objective").map(objective).collect()
        }
        "timeout" => vec![("limit".to_owned(), config.to_owned())],
        "rate_limit" => {
            let rate = parts(config, ", ").next().map(|rate| ("rate".to_owned(), rate.to_owned()));
            rate.into_iter().chain(parts(config, ", ").skip(1).map(option)).collect()
        }
        _ => parts(config, ", ").map(option).collect(),
    }
}

/// The parts between separators that stand in no brackets.
fn parts<'a>(text: &'a str, separator: &'a str) -> impl Iterator<Item = &'a str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut depth = 0_usize;
        for (at, char) in text.char_indices() {
            match char {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ if depth == 0 && text[at..].starts_with(separator) => {
                    rest = Some(&text[at + separator.len()..]);
                    return Some(&text[..at]);
                }
                _ => {}
            }
        }
        rest = None;
        (!text.is_empty()).then_some(text)
    })
}

/// `name = value` or `name value`; a word alone is an option that is on.
fn option(part: &str) -> (String, String) {
    let (name, value) = part.split_once(" = ").or_else(|| part.split_once(' ')).unwrap_or((part, "yes"));
    (name.to_owned(), value.to_owned())
}

fn objective(part: &str) -> (String, String) {
    if part.starts_with(|char: char| char.is_ascii_digit()) {
        return ("latency".to_owned(), part.to_owned());
    }
    option(part)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::{
        bulkhead::BulkheadConfig,
        cached::CacheConfig,
        circuit_breaker::CircuitBreakerConfig,
        metered::{MeteredConfig, Slo},
        rate_limit::{Rate, RateLimitConfig},
        registry::{AnyPolicy, Policy},
        retry::RetryConfig,
        timeout::TimeoutConfig,
    };

    fn told<P: Policy>(policy: &P) -> String {
        let options = AnyPolicy::options(policy);
        options.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn every_kind_tells_its_options_by_name() {
        let breaker = CircuitBreakerConfig::new().build("o").unwrap();
        assert_eq!(
            told(&breaker),
            "failure_threshold=5 | success_threshold=2 | timeout=60s | half_open_calls=2"
        );
        let limit = RateLimitConfig::new(Rate::per_second(5)).build("o").unwrap();
        assert_eq!(told(&limit), "rate=5/s | burst=5");
        let bulkhead = BulkheadConfig::new(3).max_wait(Duration::from_millis(5)).build("o").unwrap();
        assert_eq!(told(&bulkhead), "limit=3 | max_wait=5ms");
        let cache = CacheConfig::new(Duration::from_secs(9)).build("o").unwrap();
        assert_eq!(told(&cache), "ttl=9s | jitter=0.1 | max_entries=10000");
        let retry = RetryConfig::new().build("o").unwrap();
        let told_of_retry = told(&retry);
        assert!(
            told_of_retry.starts_with("max_attempts=3 | initial_delay=1s | max_delay=60s | backoff="),
            "{told_of_retry}"
        );
        let timeout = TimeoutConfig::new(Duration::ZERO).build("o").unwrap();
        assert_eq!(told(&timeout), "limit=set by each call");
        let slo = Slo::new().ok(99.9).latency(0.99, Duration::from_millis(250));
        let metered =
            MeteredConfig::new().labels(&["a", "b"]).buckets(&[0.1, 1.0]).slo(slo).build("o").unwrap();
        assert_eq!(
            told(&metered),
            "labels=a, b | buckets=[0.1, 1.0] | ok=99.9 % | latency=99 % within 250ms"
        );
        assert_eq!(told(&MeteredConfig::new().build("o").unwrap()), "");
    }
}
