//! Siblings that hide behind `cfg_attr` or another name nest where they are written.

use std::{cell::Cell, future::pending, time::Duration};

use mainstay::{circuit_breaker, fallback as instead, retry as again, retry, timeout, timeout as deadline};
use tokio::time::Instant;

use crate::support::*;

fn count(calls: &Cell<u32>) {
    calls.set(calls.get() + 1);
}

#[retry(max_attempts = 2, initial_delay = "1s", jitter = none)]
#[timeout("1s")]
async fn each_attempt_plain(calls: &Cell<u32>) -> Answer {
    count(calls);
    pending().await
}

#[cfg_attr(all(), retry(max_attempts = 2, initial_delay = "1s", jitter = none))]
#[timeout("1s")]
async fn each_attempt_hidden_above(calls: &Cell<u32>) -> Answer {
    count(calls);
    pending().await
}

#[retry(max_attempts = 2, initial_delay = "1s", jitter = none)]
#[cfg_attr(all(), timeout("1s"))]
async fn each_attempt_hidden_below(calls: &Cell<u32>) -> Answer {
    count(calls);
    pending().await
}

#[again(max_attempts = 2, initial_delay = "1s", jitter = none)]
#[timeout("1s")]
async fn each_attempt_renamed_above(calls: &Cell<u32>) -> Answer {
    count(calls);
    pending().await
}

#[retry(max_attempts = 2, initial_delay = "1s", jitter = none)]
#[deadline("1s")]
async fn each_attempt_renamed_below(calls: &Cell<u32>) -> Answer {
    count(calls);
    pending().await
}

#[again(max_attempts = 2, initial_delay = "1s", jitter = none)]
#[cfg_attr(all(), deadline("1s"))]
async fn each_attempt_both_hidden(calls: &Cell<u32>) -> Answer {
    count(calls);
    pending().await
}

#[mainstay::retry(max_attempts = 2, initial_delay = "1s", jitter = none)]
#[::mainstay::timeout("1s")]
async fn each_attempt_by_path(calls: &Cell<u32>) -> Answer {
    count(calls);
    pending().await
}

/// Counts the attempts and measures the whole of one call.
macro_rules! runs {
    ($function:ident) => {{
        let (calls, start) = (Cell::new(0), Instant::now());
        let answer = $function(&calls).await;
        assert!(matches!(answer, Err(Failure::Policy(mainstay::Error::TimedOut { .. }))), "{answer:?}");
        (calls.get(), start.elapsed())
    }};
}

#[tokio::test(start_paused = true)]
async fn a_retry_above_a_limit_stays_above_it() {
    let expected = (2, Duration::from_secs(3));
    assert_eq!(runs!(each_attempt_plain), expected);
    assert_eq!(runs!(each_attempt_hidden_above), expected);
    assert_eq!(runs!(each_attempt_hidden_below), expected);
    assert_eq!(runs!(each_attempt_renamed_above), expected);
    assert_eq!(runs!(each_attempt_renamed_below), expected);
    assert_eq!(runs!(each_attempt_both_hidden), expected);
    assert_eq!(runs!(each_attempt_by_path), expected);
}

#[timeout("2s")]
#[again(max_attempts = 9, initial_delay = "500ms", backoff = constant, jitter = none)]
async fn all_attempts_renamed(calls: &Cell<u32>) -> Answer {
    count(calls);
    if calls.get() == 3 { pending().await } else { Err(Failure::Reset) }
}

#[cfg_attr(all(), timeout("2s"))]
#[retry(max_attempts = 9, initial_delay = "500ms", backoff = constant, jitter = none)]
async fn all_attempts_hidden(calls: &Cell<u32>) -> Answer {
    count(calls);
    if calls.get() == 3 { pending().await } else { Err(Failure::Reset) }
}

#[tokio::test(start_paused = true)]
async fn a_limit_above_a_retry_stays_above_it() {
    assert_eq!(runs!(all_attempts_renamed), (3, Duration::from_secs(2)));
    assert_eq!(runs!(all_attempts_hidden), (3, Duration::from_secs(2)));
}

#[instead(|_| Ok(5))]
#[cfg_attr(all(), retry(max_attempts = 3))]
#[circuit_breaker("hidden.three", failure_threshold = 2)]
#[deadline("1s")]
async fn four_of_them(calls: &Cell<u32>) -> Answer {
    count(calls);
    Err(Failure::Reset)
}

#[tokio::test(start_paused = true)]
async fn several_hidden_ones_all_do_their_part_in_order() {
    let calls = Cell::new(0);
    assert_eq!(four_of_them(&calls).await, Ok(5));
    // The breaker opens with the second attempt and refuses the third; the fallback hears of it.
    assert_eq!(calls.get(), 2);
    let breaker = mainstay::policies().circuit_breaker("hidden.three").unwrap();
    assert_eq!((breaker.state().to_string().as_str(), breaker.rejected_count()), ("open", 1));
}

struct Client {
    calls: u32,
}

impl Client {
    #[cfg_attr(all(), retry(max_attempts = 3, initial_delay = "1ms"))]
    #[deadline("1s")]
    async fn method(&mut self, text: &str) -> Answer<usize> {
        self.calls += 1;
        if self.calls < 3 { Err(Failure::Reset) } else { Ok(text.len()) }
    }

    #[again(max_attempts = 3, initial_delay = "1ms")]
    #[cfg_attr(any(), no_such_attribute)]
    fn sync_method(&mut self) -> Answer {
        self.calls += 1;
        if self.calls < 3 { Err(Failure::Reset) } else { Ok(self.calls) }
    }
}

#[tokio::test(start_paused = true)]
async fn methods_keep_their_receivers() {
    assert_eq!(Client { calls: 0 }.method("abc").await, Ok(3));
    assert_eq!(at_once(|| Client { calls: 0 }.sync_method()), Ok(3));
}
