//! What a policy adds to a future.

use layered::Service;
use tokio::sync::Semaphore;

use crate::{
    ours,
    peers::{self, by_hand::Guards},
    row::keep,
    work::work_async,
};

/// The size of one future.
pub struct Size {
    pub path: &'static str,
    pub who: &'static str,
    pub bytes: usize,
}

/// All of them. tower-resilience and tower's boxed services have no row: theirs are on the heap.
pub fn sizes() -> Vec<Size> {
    let breaker = recloser::AsyncRecloser::from(peers::recloser::breaker());
    let places = Semaphore::new(10);
    let guards = Guards::new();
    let retries = keep(peers::seatbelt::retry());
    let limits = keep(peers::seatbelt::timeout());
    let rates = keep(peers::seatbelt::breaker(100));
    let (one, limit) = (peers::execution_policy::retry(), peers::execution_policy::timeout());
    let all = peers::execution_policy::all();
    let rows = [
        ("nothing", "a bare async fn", size_of_val(&work_async(1))),
        ("breaker", ours::WHO, size_of_val(&ours::breaker::consecutive_async(1))),
        ("breaker", "recloser", size_of_val(&breaker.call(work_async(1)))),
        ("breaker", "seatbelt", size_of_val(&rates.execute(1))),
        ("retry", ours::WHO, size_of_val(&ours::retry::first_try(1))),
        ("retry", "backon", size_of_val(&peers::backon::first_try(1))),
        ("retry", "tokio-retry", size_of_val(&peers::tokio_retry::first_try(1))),
        ("retry", "seatbelt", size_of_val(&retries.execute(1))),
        ("retry", "execution-policy", size_of_val(&peers::execution_policy::run(&one, 1))),
        ("timeout", ours::WHO, size_of_val(&ours::timeout::ready(1))),
        ("timeout", "tokio", size_of_val(&peers::tokio::limited(1))),
        ("timeout", "seatbelt", size_of_val(&limits.execute(1))),
        ("timeout", "execution-policy", size_of_val(&peers::execution_policy::run(&limit, 1))),
        ("rate limit", ours::WHO, size_of_val(&ours::rate_limit::one_bucket_async(1))),
        ("bulkhead that may wait", ours::WHO, size_of_val(&ours::bulkhead::bounded_async(1))),
        ("bulkhead that may wait", "tokio semaphore", size_of_val(&peers::tokio::acquired(&places, 1))),
        ("fallback", ours::WHO, size_of_val(&ours::stack::covered(1))),
        ("chaos, off", ours::WHO, size_of_val(&ours::chaos::off_async(1))),
        ("stack of three", ours::WHO, size_of_val(&ours::stack::three(1))),
        ("stack of three", "peers by hand", size_of_val(&guards.three(1))),
        ("stack of five", ours::WHO, size_of_val(&ours::stack::five(1))),
        ("stack of five", "peers by hand", size_of_val(&guards.five(1))),
        (
            "stack of five",
            "execution-policy, no rate limit",
            size_of_val(&peers::execution_policy::run(&all, 1)),
        ),
    ];
    rows.into_iter().map(|(path, who, bytes)| Size { path, who, bytes }).collect()
}
