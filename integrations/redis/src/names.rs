use mainstay_runtime::rate_limit::{Algorithm, RateLimitConfig};

/// How keys and channels are called. Everything of a store begins with its prefix.
#[derive(Debug)]
pub(crate) struct Names {
    prefix: String,
    /// Where completions and releases are told, by the record's key.
    pub(crate) changed: String,
    /// Where removals from the cache are told.
    pub(crate) removed: String,
}

impl Names {
    pub(crate) fn new(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            changed: format!("{prefix}:idempotency-changed"),
            removed: format!("{prefix}:cache-removed"),
        }
    }

    pub(crate) fn record(&self, key: &str) -> String {
        format!("{}:idempotency:{key}", self.prefix)
    }

    pub(crate) fn cached(&self, key: &str) -> String {
        format!("{}:cache:{key}", self.prefix)
    }

    /// A key that is used with two configurations is two limits.
    pub(crate) fn limit(&self, key: &str, config: &RateLimitConfig) -> String {
        let (prefix, rate) = (&self.prefix, config.rate());
        let (amount, nanos) = (rate.amount(), rate.per().as_nanos());
        match config.kind() {
            Algorithm::TokenBucket => {
                let (burst, initial) = (config.burst_tokens(), config.initial_tokens());
                format!("{prefix}:rate:token_bucket:{amount}/{nanos}:{burst}:{initial}:{key}")
            }
            kind => format!("{prefix}:rate:{kind}:{amount}/{nanos}:{key}"),
        }
    }
}

/// A text as a pattern of `SCAN` that matches it and nothing else.
pub(crate) fn literally(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '\\' | '^') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use mainstay_runtime::rate_limit::Rate;

    use super::*;

    #[test]
    fn one_key_under_two_configurations_is_two_limits() {
        let names = Names::new("app");
        let ten = RateLimitConfig::new(Rate::per_second(10));
        let others = [
            ten.burst(20),
            ten.initial(1),
            ten.algorithm(Algorithm::SlidingWindow),
            ten.algorithm(Algorithm::FixedWindow),
            RateLimitConfig::new(Rate::new(10, Duration::from_millis(999))),
        ];
        assert_eq!(names.limit("k", &ten), "app:rate:token_bucket:10/1000000000:10:10:k");
        for (nth, other) in others.iter().enumerate() {
            assert_ne!(names.limit("k", &ten), names.limit("k", other), "{nth}");
        }
        // What only the caller follows does not split a limit.
        assert_eq!(names.limit("k", &ten), names.limit("k", &ten.max_keys(5)));
    }

    #[test]
    fn a_prefix_with_wildcards_matches_itself_only() {
        assert_eq!(literally("user:[1]*?\\^"), "user:\\[1\\]\\*\\?\\\\\\^");
    }
}
