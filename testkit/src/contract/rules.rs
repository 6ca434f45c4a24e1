//! What the suites have in common.

use std::{
    process,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use mainstay_runtime::{clock, store::StoreError};

/// How long a suite waits for what must come. It ends as soon as that is seen.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(5);

/// Waits until `seen` says so.
pub(super) async fn until(what: &str, mut seen: impl AsyncFnMut() -> bool) {
    let start = clock::now();
    while !seen().await {
        let waited = clock::now().saturating_since(start);
        assert!(waited < PATIENCE, "not seen within {waited:?}: {what}");
        clock::sleep(PAUSE).await;
    }
}

/// What a store gave, which must not fail here.
#[track_caller]
pub(super) fn given<T>(what: &str, result: Result<T, StoreError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{what}: {error}"),
    }
}

/// A text that no other suite has used, so that those that share a server do not meet.
pub(super) fn fresh(suite: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("contract-{suite}-{}-{}-{next}:", process::id(), since.as_nanos())
}
