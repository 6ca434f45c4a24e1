use super::expand::check;

#[test]
fn stacks() {
    for (name, source) in [
        (
            "six",
            "#[fallback(cached)]\n#[retry(max_attempts = 4)]\n#[circuit_breaker(\"orders\", failure_threshold = 5)]\n#[rate_limit(\"100/s\", max_wait = \"1s\")]\n#[bulkhead(10, max_wait = \"10ms\")]\n#[timeout(\"2s\")]\nasync fn get(id: u64) -> Result<Order, E> { fetch(id).await }",
        ),
        (
            "timeout_around_a_queue",
            "#[timeout(\"2s\")]\n#[bulkhead(10, max_queue = 5)]\nasync fn get(id: u64) -> Result<Order, E> { fetch(id).await }",
        ),
        (
            "timeouts_around_and_in_a_retry",
            "#[timeout(\"10s\")]\n#[retry]\n#[timeout(\"2s\")]\nasync fn get(id: u64) -> Result<Order, E> { fetch(id).await }",
        ),
        (
            "sync",
            "#[retry]\n#[circuit_breaker]\n#[rate_limit(\"100/s\")]\nfn get(id: u64) -> Result<Order, E> { fetch(id) }",
        ),
        (
            "idempotent_in_a_store",
            "#[retry]\n#[idempotent(key = id, store = STORE)]\n#[timeout(\"2s\")]\nasync fn get(id: u64) -> Result<Order, E> { fetch(id).await }",
        ),
        (
            "idempotent_sync",
            "#[idempotent(key = id, store = STORE, store_err)]\n#[bulkhead(10)]\nfn get(id: u64) -> Result<Order, E> { fetch(id) }",
        ),
        (
            "cached_under_and_above_time_limits",
            "#[timeout(\"5s\")]\n#[cached(ttl = \"60s\", store = STORE)]\n#[timeout(\"2s\")]\nasync fn get(id: u64) -> Result<Order, E> { fetch(id).await }",
        ),
        (
            "cached_sync",
            "#[retry]\n#[cached(ttl = \"60s\", store = STORE)]\n#[bulkhead(10)]\nfn get(id: u64) -> Result<Order, E> { fetch(id) }",
        ),
        (
            "trace_span_around_a_retry",
            "#[trace_span(\"get\", attrs(id = id))]\n#[retry]\n#[circuit_breaker]\n#[timeout(\"2s\")]\nasync fn get(id: u64) -> Result<Order, E> { fetch(id).await }",
        ),
        (
            "trace_span_below_a_retry",
            "#[retry]\n#[timeout(\"2s\")]\n#[trace_span(attrs(id = id))]\nasync fn get(id: u64) -> Result<Order, E> { fetch(id).await }",
        ),
        (
            "trace_span_sync",
            "#[trace_span(ret)]\nfn get(id: u64) -> impl Iterator<Item = Order> { fetch(id) }",
        ),
        (
            "below_a_foreign_attribute",
            "#[retry]\n#[tracing::instrument]\n#[timeout(\"2s\")]\nasync fn get(id: u64) -> Result<Order, E> { fetch(id).await }",
        ),
        (
            "chaos_below_a_retry",
            "#[retry]\n#[circuit_breaker]\n#[timeout(\"2s\")]\n#[chaos(error_rate = 0.1, drop_rate = 0.1)]\nasync fn get(id: u64) -> Result<Order, E> { fetch(id).await }",
        ),
        (
            "chaos_sync",
            "#[retry]\n#[chaos(error = E::Down)]\nfn get(id: u64) -> Result<Order, E> { fetch(id) }",
        ),
        (
            "chaos_after_sync",
            "#[chaos(after, panic_rate = 0.1)]\nfn get(id: u64) -> Result<Order, E> { fetch(id) }",
        ),
        (
            "chaos_of_a_made_future",
            "#[timeout(\"2s\")]\n#[chaos]\nfn get(id: u64) -> impl Future<Output = Result<Order, E>> + Send { fetch(id) }",
        ),
    ] {
        check(&format!("stack__{name}"), source);
    }
}
