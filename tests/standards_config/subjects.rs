//! What is set from outside in these tests, and what of it is in force.

use mainstay::{
    bulkhead, circuit_breaker, fallback,
    overrides::{Values, overrides},
    policies, retry, timeout,
};
use tokio::sync::{Mutex, MutexGuard};

use crate::support::*;

#[retry("cf.retry", max_attempts = 2, initial_delay = "1ms", jitter = none)]
pub(crate) async fn retried(up: &Upstream) -> Answer {
    up.run_async().await
}

#[fallback("cf.fallback", |_| Ok(()))]
#[retry("cf.covered", max_attempts = 2, initial_delay = "1ms", jitter = none)]
pub(crate) async fn covered(up: &Upstream) -> Answer {
    up.run_async().await
}

#[circuit_breaker("cf.breaker", failure_threshold = 1)]
pub(crate) async fn broken(up: &Upstream) -> Answer {
    up.run_async().await
}

#[timeout("cf.timeout", "1s")]
pub(crate) async fn limited(up: &Upstream) -> Answer {
    up.run_async().await
}

#[bulkhead("cf.bulkhead", 2)]
pub(crate) async fn crowded(up: &Upstream) -> Answer {
    up.run_async().await
}

/// Values in force as long as this lives. One test at a time has any.
pub(crate) struct Set(#[allow(dead_code)] MutexGuard<'static, ()>);

impl Drop for Set {
    fn drop(&mut self) {
        overrides().load().unwrap();
    }
}

pub(crate) async fn set(values: Values) -> Set {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());
    let guard = ONE_AT_A_TIME.lock().await;
    policies().reset_all();
    overrides().values(values).load().unwrap();
    Set(guard)
}

/// Keeps the others from setting anything as long as the answer lives.
pub(crate) async fn nothing_set() -> impl Drop {
    set(Values::new()).await
}

/// What of it all is on, as calls see it: an `r` for the retry, `f` for the fallback, `c` for the breaker, `t` for the limit
/// of time, `b` for the bulkhead.
pub(crate) async fn on() -> String {
    policies().reset_all();
    let mut on = String::new();
    let up = always('F');
    let _ = retried(&up).await;
    on.extend((up.calls() == 2).then_some('r'));
    on.extend(covered(&always('F')).await.is_ok().then_some('f'));
    let up = always('F');
    let letters = [letter(&broken(&up).await), letter(&broken(&up).await)];
    assert_eq!(letters[0], 'F');
    on.extend((letters[1] == 'o').then_some('c'));
    let hung = letter(&limited(&slow(SECOND * 5, 'F')).await);
    assert!(hung == 't' || hung == 'F');
    on.extend((hung == 't').then_some('t'));
    let up = slow(SECOND, 'S');
    let crowd = tokio::join!(crowded(&up), crowded(&up), crowded(&up));
    assert!(crowd.0.is_ok() && crowd.1.is_ok());
    on.extend((letter(&crowd.2) == 'b').then_some('b'));
    on
}

/// How often the body of a retry runs below a fallback.
pub(crate) async fn covered_attempts() -> usize {
    let up = always('F');
    let _ = covered(&up).await;
    up.calls()
}
