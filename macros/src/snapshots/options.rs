use super::expand::{check, check_change};
use crate::stack::Room;

const FUNCTION: &str = "async fn get(id: u64) -> Result<Order, E> {
    fetch(id).await
}";

/// An attribute with no more options than it needs, and then with each of them.
fn options(attribute: &str, mut room: impl Room, required: &str, options: &[(&str, &str)]) {
    // `blocking` is for sync functions: see `function__sync_timeout`.
    for name in room.options().names().iter().filter(|name| **name != "blocking") {
        assert!(options.iter().any(|(_, text)| text.contains(name)), "`{attribute}` has no row for `{name}`");
    }
    let written = |options: &str| match options {
        "" => format!("#[{attribute}]\n{FUNCTION}"),
        options => format!("#[{attribute}({options})]\n{FUNCTION}"),
    };
    let plain = written(required);
    check(attribute, &plain);
    for (name, options) in options {
        check_change(&format!("{attribute}__{name}"), &plain, &written(options));
    }
}

#[test]
fn retry() {
    options(
        "retry",
        crate::retry::Room::default(),
        "",
        &[
            ("name", "\"orders\""),
            ("max_attempts", "max_attempts = 5"),
            ("initial_delay", "initial_delay = \"250ms\""),
            ("max_delay", "max_delay = \"1m30s\""),
            ("exponential_base", "exponential_base = 1.5"),
            ("backoff_word", "backoff = fibonacci"),
            ("backoff_path", "backoff = my::backoff"),
            ("jitter", "jitter = equal"),
            ("max_elapsed", "max_elapsed = \"5s\", initial_delay = \"1s\""),
            ("retry_if", "retry_if = E::is_passing"),
            ("retry_on", "retry_on(E::Down | E::Busy, E::Code(c) if *c >= 500)"),
            ("abort_on", "abort_on(E::Declined)"),
            ("retry_ok_if", "retry_ok_if = |order| order.is_pending()"),
            ("retry_after", "retry_after = E::retry_after"),
            ("before_retry", "before_retry = |next| log(next)"),
            ("clone", "clone(id)"),
            ("budget", "budget = \"orders\""),
            ("budget_own", "budget = 0.1"),
            ("budget_within", "budget = within(\"orders\")"),
            ("with", "with = RETRY"),
            ("expressions", "max_attempts = limit(), initial_delay = delay_of(id)"),
            ("crate", "crate = other::path"),
        ],
    );
}

#[test]
fn hedge() {
    options(
        "hedge",
        crate::hedge::Room::default(),
        "safe",
        &[
            ("name", "\"orders\", safe"),
            ("after", "after = \"50ms\", safe"),
            ("after_percentile", "after = \"p99.9\", safe"),
            ("min_after", "min_after = \"5ms\", safe"),
            ("warm_up", "warm_up = 50, safe"),
            ("max", "max = 2, safe"),
            ("budget", "budget = \"orders\", safe"),
            ("budget_own", "budget = 0.05, safe"),
            ("clone", "clone(id), safe"),
            ("with", "with = HEDGE, safe"),
            ("crate", "safe, crate = other::path"),
        ],
    );
}

#[test]
fn circuit_breaker() {
    options(
        "circuit_breaker",
        crate::circuit_breaker::Room::default(),
        "",
        &[
            ("name", "\"orders\""),
            ("failure_threshold", "failure_threshold = 3"),
            ("failure_rate", "failure_rate = 0.5, window = 100"),
            ("window_time", "failure_rate = 0.5, window = \"30s\""),
            ("window_expr", "failure_rate = 0.5, window = WINDOW"),
            ("minimum_calls", "failure_rate = 0.5, window = 100, minimum_calls = 20"),
            ("slow_call", "slow_call = \"2s\", window = 100"),
            ("slow_call_rate", "slow_call = \"2s\", slow_call_rate = 0.8, window = 100"),
            ("success_threshold", "success_threshold = 1"),
            ("timeout", "timeout = \"30s\""),
            ("max_timeout", "max_timeout = \"10m\""),
            ("half_open_calls", "half_open_calls = 4"),
            ("failure_if", "failure_if = E::is_outage"),
            ("failure_on", "failure_on(E::Down | E::Busy)"),
            ("failure_on_and_if", "failure_on(E::Down), failure_if = E::is_outage"),
            ("ignore_on", "ignore_on(E::Declined)"),
            ("on_cancel", "on_cancel = failure"),
            ("key", "key = id % 16"),
            ("max_keys", "key = id % 16, max_keys = 16"),
            ("with", "with = BREAKER"),
            ("with_key", "with = BREAKERS, key = id"),
            ("map_err", "map_err = E::refused"),
        ],
    );
}

#[test]
fn timeout() {
    options(
        "timeout",
        crate::timeout::Room::default(),
        "\"2s\"",
        &[
            ("name", "\"orders\", \"2s\""),
            ("expression", "budget_of(id)"),
            ("limit", "limit = \"2s\""),
            ("exact", "\"2s\", exact"),
            ("with", "with = LIMIT"),
            ("map_err", "\"2s\", map_err = E::refused"),
        ],
    );
}

#[test]
fn rate_limit() {
    options(
        "rate_limit",
        crate::rate_limit::Room::default(),
        "\"100/s\"",
        &[
            ("name", "\"orders\", \"100/s\""),
            ("rate_expr", "RATE"),
            ("burst", "\"100/s\", burst = 200"),
            ("initial", "\"100/s\", initial = 0"),
            ("tokens", "\"100/s\", tokens = cost_of(id)"),
            ("key", "\"100/s\", key = id"),
            ("max_keys", "\"100/s\", key = id, max_keys = 1000"),
            ("max_wait", "\"100/s\", max_wait = \"50ms\""),
            ("algorithm", "\"100/s\", algorithm = sliding_window"),
            ("store", "\"100/s\", store = limits"),
            ("store_key", "\"100/s\", key = id, store = limits"),
            ("on_store_error", "\"100/s\", store = limits, on_store_error = closed"),
            ("with", "with = LIMITER"),
            ("map_err", "\"100/s\", map_err = E::refused"),
        ],
    );
}

#[test]
fn bulkhead() {
    options(
        "bulkhead",
        crate::bulkhead::Room::default(),
        "10",
        &[
            ("name", "\"orders\", 10"),
            ("max_wait", "10, max_wait = \"50ms\""),
            ("max_queue", "10, max_queue = 5"),
            ("with", "with = PLACES"),
            ("map_err", "10, map_err = E::refused"),
        ],
    );
}

#[test]
fn adaptive_limit() {
    options(
        "adaptive_limit",
        crate::adaptive_limit::Room::default(),
        "",
        &[
            ("name", "\"orders\""),
            ("algorithm", "algorithm = aimd"),
            ("initial", "initial = 10"),
            ("min", "min = 5"),
            ("max", "max = 200"),
            ("backoff_ratio", "algorithm = aimd, backoff_ratio = 0.8"),
            ("latency_threshold", "algorithm = aimd, latency_threshold = \"1s\""),
            ("priority", "priority = sheddable"),
            ("normal_share", "priority = id.priority(), normal_share = 0.9"),
            ("sheddable_share", "priority = normal, sheddable_share = 0.3"),
            ("overload_if", "overload_if = E::is_busy"),
            ("overload_on", "overload_on(E::Busy)"),
            ("with", "with = LIMIT"),
            ("map_err", "map_err = E::refused"),
        ],
    );
}

#[test]
fn throttle() {
    options(
        "throttle",
        crate::throttle::Room::default(),
        "",
        &[
            ("name", "\"orders\""),
            ("k", "k = 1.5"),
            ("window", "window = \"30s\""),
            ("minimum_calls", "minimum_calls = 100"),
            ("max_rejection_rate", "max_rejection_rate = 0.8"),
            ("reject_if", "reject_if = E::is_busy"),
            ("reject_on", "reject_on(E::Busy)"),
            ("ignore_on", "ignore_on(E::Down)"),
            ("with", "with = THROTTLE"),
            ("map_err", "map_err = E::refused"),
        ],
    );
}

#[test]
fn cached() {
    options(
        "cached",
        crate::cached::Room::default(),
        "ttl = \"60s\"",
        &[
            ("name", "\"orders\", ttl = \"60s\""),
            ("ttl_expr", "ttl = TTL"),
            ("key", "ttl = \"60s\", key = id % 16"),
            ("jitter", "ttl = \"60s\", jitter = 0.5"),
            ("jitter_none", "ttl = \"60s\", jitter = none"),
            ("max_entries", "ttl = \"60s\", max_entries = 500"),
            ("stale_for", "ttl = \"60s\", stale_for = \"10s\""),
            ("stale_if_error", "ttl = \"60s\", stale_if_error = \"5m\""),
            ("cache_err", "ttl = \"60s\", cache_err = \"5s\""),
            ("negative_ttl", "ttl = \"60s\", negative_ttl = \"10s\""),
            ("store", "ttl = \"60s\", store = STORE"),
            ("on_store_error", "ttl = \"60s\", store = STORE, on_store_error = closed"),
            ("with", "with = CACHE"),
            ("map_err", "ttl = \"60s\", store = STORE, map_err = E::refused"),
        ],
    );
}

#[test]
fn cache_evict() {
    options(
        "cache_evict",
        crate::cache_evict::Room::default(),
        "\"orders\", key = id",
        &[
            ("all", "\"orders\", all"),
            ("before", "\"orders\", key = id, before"),
            ("store", "\"orders\", key = id, store = STORE"),
            ("with", "with = CACHE, key = id"),
        ],
    );
}

#[test]
fn trace_span() {
    options(
        "trace_span",
        crate::trace_span::Room::default(),
        "",
        &[
            ("name", "\"orders\""),
            ("attrs", "attrs(\"http.route\" = \"/orders\", order.id = id, shown = %id, seen = ?id)"),
            ("level", "level = debug"),
            ("kind", "kind = client"),
            ("parent", "parent = request.span()"),
            ("err", "err"),
            ("err_debug", "err(debug)"),
            ("ret", "ret"),
            ("ret_display", "ret(display)"),
            ("crate", "crate = other::path"),
        ],
    );
}

#[test]
fn fallback() {
    options(
        "fallback",
        crate::fallback::Room::default(),
        "cached",
        &[
            ("name", "\"orders\", cached"),
            ("closure", "|error| Ok(Order::unknown(error))"),
            ("closure_with_arguments", "|_, id| cached(id)"),
            ("on", "cached, on(E::Down | E::Busy)"),
        ],
    );
}

#[test]
fn idempotent() {
    options(
        "idempotent",
        crate::idempotent::Room::default(),
        "key = id",
        &[
            ("name", "\"orders\", key = id"),
            ("key", "key = (id, \"get\")"),
            ("ttl", "key = id, ttl = \"7d\""),
            ("store", "key = id, store = STORE"),
            ("fingerprint", "key = id, fingerprint(id)"),
            ("fingerprint_in_store", "key = id, fingerprint(id), store = STORE"),
            ("on_duplicate", "key = id, on_duplicate = error"),
            ("in_flight", "key = id, in_flight = reject"),
            ("max_wait", "key = id, max_wait = \"5s\""),
            ("store_err", "key = id, store_err"),
            ("lease", "key = id, lease = \"10s\", store = STORE"),
            ("on_cancel", "key = id, on_cancel = keep"),
            ("on_store_error", "key = id, on_store_error = open"),
            ("max_entries", "key = id, max_entries = 1000"),
            ("transaction", "key = id, store = STORE, transaction = id"),
            ("with", "key = id, with = ORDERS"),
            ("map_err", "key = id, map_err = E::refused"),
            ("crate", "key = id, crate = other::path"),
        ],
    );
}

#[test]
fn metered() {
    options(
        "metered",
        crate::metered::Room::default(),
        "",
        &[
            ("name", "\"orders\""),
            ("labels", "labels(kind = kind_of(id), cached = false)"),
            ("buckets", "buckets = [\"10ms\", 0.1, 1]"),
            ("buckets_expr", "buckets = BUCKETS"),
            ("slo", "slo(ok = 99.9, p99 = \"250ms\")"),
            ("crate", "crate = other::path"),
        ],
    );
}

#[test]
fn time_it() {
    options(
        "time_it",
        crate::time_it::Room::default(),
        "",
        &[
            ("name", "\"database.query\""),
            ("buckets", "buckets = [\"10ms\", 0.1, 1]"),
            ("crate", "crate = other::path"),
        ],
    );
}
