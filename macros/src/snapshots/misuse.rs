//! The shape of the output for misuse; `ui-tests` has the messages as users see them.

use super::expand::check;

const FUNCTION: &str = "async fn get(id: u64) -> Result<Order, E> { fetch(id).await }";

#[test]
fn misuse() {
    for (name, attributes) in [
        ("unknown_option", "#[retry(max_atempts = 3)]"),
        ("several_at_once", "#[retry(max_attempts = 0, jitter = some)]\n#[timeout(5)]"),
        ("wrong_order", "#[retry]\n#[fallback(cached)]"),
        ("cached_fallback", "#[cached(ttl = \"60s\")]\n#[fallback(cached)]"),
        ("with_and_options", "#[circuit_breaker(with = BREAKER, timeout = \"1s\")]"),
    ] {
        check(&format!("misuse__{name}"), &format!("{attributes}\n{FUNCTION}"));
    }
    check("misuse__no_result", "#[bulkhead(1)]\nfn get(id: u64) -> u64 { id }");
    check("misuse__sync_timeout", "#[timeout(\"1s\")]\nfn get(id: u64) -> Result<Order, E> { fetch(id) }");
}
