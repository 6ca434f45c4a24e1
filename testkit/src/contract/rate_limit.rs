use std::{sync::Arc, time::Duration};

use mainstay_runtime::{
    Error,
    clock::{now, sleep},
    rate_limit::{Algorithm, Rate, RateLimitConfig, RateLimitStore, Take, Taken},
};

use super::together;

const DAY: Duration = Duration::from_secs(24 * 3600);
const ALL: [Algorithm; 3] = [Algorithm::TokenBucket, Algorithm::SlidingWindow, Algorithm::FixedWindow];

/// What [`RateLimitStore`] promises, as a suite.
///
/// It is given two handles of one store, as two processes have them. Where an answer depends on time, the suite waits until
/// the time has come that the store itself names; nothing else is measured, so a slow machine breaks no rule.
///
/// ```no_run
/// # use std::sync::Arc;
/// # use mainstay_runtime::rate_limit::RateLimitStore;
/// # async fn example<S: RateLimitStore>(one: Arc<S>, other: Arc<S>) {
/// mainstay_testkit::contract::RateLimitStoreContract::new(one, other).check().await;
/// # }
/// ```
pub struct RateLimitStoreContract<S> {
    one: Arc<S>,
    other: Arc<S>,
    run: u64,
}

/// Ten a day: what comes back while the suite runs is next to nothing.
fn ten_a_day(algorithm: Algorithm) -> RateLimitConfig {
    RateLimitConfig::new(Rate::new(10, DAY)).algorithm(algorithm)
}

fn close(left: f64, right: f64) -> bool {
    (left - right).abs() < 0.05
}

/// Whether `time` is `expected`, less what has passed since `start`.
fn about(time: Option<Duration>, expected: Duration, since_start: Duration) -> bool {
    let slack = since_start + Duration::from_millis(2);
    time.is_some_and(|time| time <= expected + slack && time + slack >= expected)
}

impl<S: RateLimitStore> RateLimitStoreContract<S> {
    /// The suite for the store behind both handles, which may be the same one.
    pub fn new(one: Arc<S>, other: Arc<S>) -> Self {
        use std::hash::{BuildHasher, RandomState};
        Self { one, other, run: RandomState::new().hash_one(0) }
    }

    /// Checks every rule.
    ///
    /// # Panics
    /// A rule is broken; the message is the rule.
    pub async fn check(&self) {
        self.ping().await;
        self.what_there_is_at_first().await;
        self.refusals_take_nothing().await;
        self.more_than_there_can_be().await;
        self.numbers_that_are_none().await;
        self.fractions_of_tokens().await;
        self.limits_that_stay_apart().await;
        self.one_limit_for_all_handles().await;
        self.many_at_once().await;
        self.tokens_come_when_it_was_said().await;
        self.a_full_window().await;
        self.a_bucket_that_starts_nearly_empty().await;
        self.the_same_as_in_this_process().await;
    }

    fn key(&self, name: &str) -> String {
        format!("contract-{:016x}-{name}", self.run)
    }

    async fn take_from(&self, store: &S, key: &str, config: &RateLimitConfig, tokens: f64) -> Taken {
        let taken = store.take(Take { key, config, tokens }).await;
        let taken = taken.unwrap_or_else(|error| panic!("take: {error}"));
        assert_eq!(
            taken.allowed,
            taken.retry_after == Some(Duration::ZERO),
            "who got the tokens has nothing to wait for, and who did not has: {taken:?}"
        );
        taken
    }

    async fn take(&self, key: &str, config: &RateLimitConfig, tokens: f64) -> Taken {
        self.take_from(&self.one, key, config, tokens).await
    }

    async fn ping(&self) {
        for store in [&self.one, &self.other] {
            store.ping().await.unwrap_or_else(|error| panic!("a store that works can be pinged: {error}"));
            assert!(!store.describe().is_empty(), "a store says what it is");
        }
    }

    async fn what_there_is_at_first(&self) {
        for algorithm in ALL {
            let (key, config) = (self.key("first"), ten_a_day(algorithm));
            for taken_before in 0..10 {
                let taken = self.take(&key, &config, 1.0).await;
                assert!(taken.allowed, "{algorithm}: the first ten of ten are there");
                let left = f64::from(9 - taken_before);
                assert!(
                    close(taken.remaining, left),
                    "{algorithm}: what is left is told: {taken:?}, not {left}"
                );
                assert!(
                    !taken.reset_after.is_zero(),
                    "{algorithm}: what was taken comes back later: {taken:?}"
                );
            }
            let taken = self.take(&key, &config, 1.0).await;
            assert!(
                !taken.allowed && close(taken.remaining, 0.0),
                "{algorithm}: the eleventh is not: {taken:?}"
            );
            assert!(
                taken.retry_after > Some(Duration::ZERO),
                "{algorithm}: it is told when it is: {taken:?}"
            );
        }
        let burst = ten_a_day(Algorithm::TokenBucket).burst(3);
        let (key, start) = (self.key("first-burst"), now());
        for _ in 0..3 {
            assert!(self.take(&key, &burst, 1.0).await.allowed, "a bucket holds its burst");
        }
        let taken = self.take(&key, &burst, 1.0).await;
        let passed = now().saturating_since(start);
        assert!(!taken.allowed, "and no more");
        assert!(
            about(taken.retry_after, DAY / 10, passed),
            "a token comes a tenth of a day later: {taken:?}"
        );
        assert!(
            about(Some(taken.reset_after), DAY / 10 * 3, passed),
            "three take three times as long: {taken:?}"
        );
    }

    async fn refusals_take_nothing(&self) {
        for algorithm in ALL {
            let (key, config, start) = (self.key("refused"), ten_a_day(algorithm), now());
            assert!(self.take(&key, &config, 8.0).await.allowed, "{algorithm}: eight of ten are there");
            let first = self.take(&key, &config, 5.0).await;
            for _ in 0..20 {
                let again = self.take(&key, &config, 5.0).await;
                let passed = now().saturating_since(start);
                let expected = first.retry_after.unwrap_or_default();
                assert!(!again.allowed, "{algorithm}: five of two are not");
                assert!(
                    about(again.retry_after, expected, passed) && again.retry_after <= first.retry_after,
                    "{algorithm}: asking again costs nothing: {first:?}, {again:?}"
                );
            }
            let taken = self.take(&key, &config, 2.0).await;
            assert!(taken.allowed, "{algorithm}: the two are there after all that: {taken:?}");
        }
    }

    async fn more_than_there_can_be(&self) {
        for algorithm in ALL {
            let (key, config) = (self.key("too-much"), ten_a_day(algorithm));
            let taken = self.take(&key, &config, 10.5).await;
            assert_eq!(taken.retry_after, None, "{algorithm}: more than there can be is never there");
            assert!(close(taken.remaining, 10.0), "{algorithm}: asking for it takes nothing: {taken:?}");
            assert_eq!(taken.reset_after, Duration::ZERO, "{algorithm}: nothing is missing");
            assert!(self.take(&key, &config, 10.0).await.allowed, "{algorithm}: all there can be is there");
        }
    }

    async fn numbers_that_are_none(&self) {
        for algorithm in ALL {
            let (key, config) = (self.key("none"), ten_a_day(algorithm));
            for tokens in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
                let taken = self.take(&key, &config, tokens).await;
                assert_eq!(taken.retry_after, None, "{algorithm}: {tokens} tokens are never there");
            }
            let taken = self.take(&key, &config, 1.0).await;
            assert!(close(taken.remaining, 9.0), "{algorithm}: and nothing was taken or given: {taken:?}");
        }
    }

    async fn fractions_of_tokens(&self) {
        for algorithm in ALL {
            let (key, config) =
                (self.key("fractions"), RateLimitConfig::new(Rate::new(1, DAY)).algorithm(algorithm));
            for sixth in 1..=6 {
                let taken = self.take(&key, &config, 1.0 / 6.0).await;
                assert!(taken.allowed, "{algorithm}: six sixths fit into one, number {sixth}: {taken:?}");
            }
            assert!(!self.take(&key, &config, 0.5).await.allowed, "{algorithm}: and no half more");
        }
    }

    async fn limits_that_stay_apart(&self) {
        for algorithm in ALL {
            let config = ten_a_day(algorithm);
            let texts = ["", " ", "a:b", "a:b:", "{a}", "ключ", "line\nbreak", "nul\0nul", "%s", "*"];
            for text in texts {
                let taken = self.take(&self.key(text), &config, 10.0).await;
                assert!(taken.allowed, "{algorithm}: every key has its own limit: {text:?}");
            }
        }
        let key = self.key("apart");
        let bucket = ten_a_day(Algorithm::TokenBucket);
        let configs = [
            bucket,
            bucket.burst(20),
            bucket.initial(9),
            ten_a_day(Algorithm::SlidingWindow),
            ten_a_day(Algorithm::FixedWindow),
            RateLimitConfig::new(Rate::new(10, DAY / 2)),
        ];
        for config in &configs {
            let taken = self.take(&key, config, 9.0).await;
            assert!(taken.allowed, "a key with two configurations is two limits: {config}: {taken:?}");
        }
    }

    async fn one_limit_for_all_handles(&self) {
        for algorithm in ALL {
            let (key, config) = (self.key("shared"), ten_a_day(algorithm));
            for turn in 0..5 {
                let first = self.take_from(&self.one, &key, &config, 1.0).await;
                let second = self.take_from(&self.other, &key, &config, 1.0).await;
                assert!(first.allowed && second.allowed, "{algorithm}: ten are there for both, turn {turn}");
            }
            assert!(!self.take_from(&self.one, &key, &config, 1.0).await.allowed, "{algorithm}: and no more");
            assert!(
                !self.take_from(&self.other, &key, &config, 1.0).await.allowed,
                "{algorithm}: for either"
            );
        }
    }

    async fn many_at_once(&self) {
        for algorithm in ALL {
            let (key, config) = (self.key("many"), ten_a_day(algorithm));
            let stores = [&*self.one, &*self.other];
            let all = together((0..64).map(|nth| self.take_from(stores[nth % 2], &key, &config, 1.0))).await;
            let allowed = all.iter().filter(|taken| taken.allowed).count();
            assert_eq!(
                allowed, 10,
                "{algorithm}: of many at once exactly as many are admitted as there are tokens"
            );
        }
    }

    async fn tokens_come_when_it_was_said(&self) {
        for algorithm in ALL {
            let config = RateLimitConfig::new(Rate::new(3, Duration::from_millis(300))).algorithm(algorithm);
            let key = self.key("come");
            for round in 0..6 {
                let mut taken = self.take(&key, &config, 1.0).await;
                while let Taken { allowed: true, .. } = taken {
                    taken = self.take(&key, &config, 1.0).await;
                }
                let wait = taken.retry_after.unwrap_or_default();
                sleep(wait).await;
                let taken = self.take(&key, &config, 1.0).await;
                assert!(
                    taken.allowed,
                    "{algorithm}: after {wait:?} a token is there, round {round}: {taken:?}"
                );
            }
            let taken = self.take(&key, &config, 3.0).await;
            sleep(taken.reset_after).await;
            let taken = self.take(&key, &config, 3.0).await;
            assert!(taken.allowed, "{algorithm}: after the time that was told all are there: {taken:?}");
        }
    }

    async fn a_full_window(&self) {
        let (key, fixed) = (self.key("full"), ten_a_day(Algorithm::FixedWindow));
        let start = now();
        self.take(&key, &fixed, 10.0).await;
        let taken = self.take(&key, &fixed, 1.0).await;
        let passed = now().saturating_since(start);
        assert!(about(taken.retry_after, DAY, passed), "a fixed window ends with its period: {taken:?}");
        assert!(about(Some(taken.reset_after), DAY, passed), "and all are there then: {taken:?}");

        let (key, sliding) = (self.key("full"), ten_a_day(Algorithm::SlidingWindow));
        let start = now();
        self.take(&key, &sliding, 10.0).await;
        let taken = self.take(&key, &sliding, 1.0).await;
        let passed = now().saturating_since(start);
        let one_faded = DAY + DAY / 10;
        assert!(about(taken.retry_after, one_faded, passed), "a full window fades one by one: {taken:?}");
        assert!(about(Some(taken.reset_after), 2 * DAY, passed), "and is gone after the next one: {taken:?}");
    }

    async fn a_bucket_that_starts_nearly_empty(&self) {
        let (key, start) = (self.key("smooth"), now());
        let config = ten_a_day(Algorithm::TokenBucket).initial(1);
        let none = self.take(&key, &config, 2.0).await;
        let passed = now().saturating_since(start);
        assert!(
            about(none.retry_after, DAY / 10, passed),
            "the second token comes after the first request: {none:?}"
        );
        assert!(
            about(Some(none.reset_after), DAY / 10 * 9, passed),
            "and the last one after eight more: {none:?}"
        );
        let taken = self.take(&key, &config, 1.0).await;
        assert!(taken.allowed && close(taken.remaining, 0.0), "the first is there at once: {taken:?}");
    }

    /// Random requests to the store and to a limiter of this process, side by side.
    async fn the_same_as_in_this_process(&self) {
        for (nth, algorithm) in ALL.into_iter().cycle().take(12).enumerate() {
            let mut random = self.run.wrapping_add(nth as u64) | 1;
            let mut next = |below: u64| {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                random % below
            };
            let config = ten_a_day(algorithm);
            let config = match algorithm {
                Algorithm::TokenBucket => config.burst(5 + next(20) as u32).initial(next(6) as u32),
                _ => config,
            };
            let name = format!("parity-{nth}");
            let limiter = config.build(name.clone()).unwrap_or_else(|error| panic!("{error}"));
            let (key, start) = (self.key(&name), now());
            for _ in 0..30 {
                // Halves past the whole, so that what comes back meanwhile decides nothing.
                let tokens = 0.5 * (1 + next(7)) as f64 + 0.25;
                let taken = self.take(&key, &config, tokens).await;
                let here = limiter.try_acquire(tokens);
                let passed = now().saturating_since(start);
                let said = format!("{config}, {tokens} tokens: {taken:?} there, {here:?} here");
                match here {
                    Ok(()) => assert!(taken.allowed, "{said}"),
                    Err(Error::RateLimited { retry_after, .. }) => {
                        assert!(!taken.allowed && about(taken.retry_after, retry_after, passed), "{said}");
                    }
                    Err(_) => assert_eq!(taken.retry_after, None, "{said}"),
                }
                assert!(close(taken.remaining, limiter.available_tokens()), "{said}");
            }
        }
    }
}
