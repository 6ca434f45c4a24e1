//! Makes the code blocks of the book doctests.

macro_rules! pages {
    ($($page:ident = $path:literal,)*) => {$(
        #[doc = include_str!(concat!("../", $path))]
        mod $page {}
    )*};
}

pages! {
    retry = "docs/reference/retry.md",
    circuit_breaker = "docs/reference/circuit_breaker.md",
    timeout = "docs/reference/timeout.md",
    rate_limit = "docs/reference/rate_limit.md",
    bulkhead = "docs/reference/bulkhead.md",
    adaptive_limit = "docs/reference/adaptive_limit.md",
    throttle = "docs/reference/throttle.md",
    context = "docs/reference/context.md",
    fallback = "docs/reference/fallback.md",
    cached = "docs/reference/cached.md",
    cache_evict = "docs/reference/cache_evict.md",
    trace_span = "docs/reference/trace_span.md",
    health_check = "docs/reference/health_check.md",
    classify = "docs/reference/classify.md",
    metered = "docs/reference/metered.md",
    metrics = "docs/reference/metrics.md",
    time_it = "docs/reference/time_it.md",
    on_shutdown = "docs/reference/on_shutdown.md",
    budget = "docs/reference/budget.md",
    hedge = "docs/reference/hedge.md",
    getting_started = "docs/guide/getting-started.md",
    stacks = "docs/guide/stacks.md",
    health = "docs/guide/health.md",
    errors = "docs/guide/errors.md",
    names_and_catalog = "docs/guide/names-and-catalog.md",
    exactly_once = "docs/guide/exactly-once.md",
    troubleshooting = "docs/guide/troubleshooting.md",
    shutdown = "docs/guide/shutdown.md",
    deadlines = "docs/guide/deadlines.md",
    chaos = "docs/reference/chaos.md",
    overload = "docs/guide/overload.md",
    steering = "docs/guide/steering.md",
    overrides = "docs/reference/overrides.md",
    readme = "README.md",
}

#[cfg(feature = "file")]
pages! {
    file = "docs/reference/file.md",
}

#[cfg(feature = "logging")]
pages! {
    logging = "docs/reference/logging.md",
}

#[cfg(feature = "opentelemetry")]
pages! {
    opentelemetry = "docs/reference/opentelemetry.md",
}

#[cfg(feature = "ops")]
pages! {
    ops = "docs/reference/ops.md",
}

#[cfg(feature = "otlp")]
pages! {
    first_trace = "docs/guide/first-trace.md",
    tracing = "docs/reference/tracing.md",
}

#[cfg(feature = "postgres")]
pages! {
    postgres = "docs/reference/postgres.md",
}

#[cfg(feature = "prometheus")]
pages! {
    prometheus = "docs/reference/prometheus.md",
}

#[cfg(feature = "redis")]
pages! {
    redis = "docs/reference/redis.md",
}

#[cfg(feature = "testing")]
pages! {
    testing = "docs/guide/testing.md",
}

#[cfg(feature = "json")]
pages! {
    idempotent = "docs/reference/idempotent.md",
    idempotency_keys = "docs/reference/idempotency_keys.md",
}
