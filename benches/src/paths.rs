//! The table of all that is measured.

use crate::{
    ours,
    peers::{
        autometrics, backon, by_hand, cached, execution_policy, failsafe, fastrace, governor, leaky_bucket,
        logging, map, metrics, moka, opentelemetry, prometheus, prometheus_client, quick_cache, ratelimit,
        recloser, seatbelt, tokio, tokio_retry, tower, tower_acc, tower_resilience, tracing,
    },
    row::{Path, Row},
    work::{now, work, work_async},
};

const fn path(name: &'static str, goal: &'static str, rows: fn() -> Vec<Row>) -> Path {
    Path { name, goal, threads: false, calls: 0, rows }
}

const fn shared(name: &'static str, goal: &'static str, rows: fn() -> Vec<Row>) -> Path {
    Path { name, goal, threads: true, calls: 0, rows }
}

/// What is measured, in the order of the tables.
pub const PATHS: &[Path] = &[
    shared("breaker, closed", "≤ 1", || {
        vec![ours::breaker::closed(), recloser::closed(), failsafe::closed()]
    }),
    path("breaker, closed, async", "", || {
        vec![
            ours::breaker::closed_async(),
            recloser::closed_async(),
            failsafe::closed_async(),
            tower_resilience::closed(),
            execution_policy::closed(),
        ]
    }),
    shared("breaker, window of 100 calls", "≤ 5", || {
        vec![ours::breaker::window_of_calls(), recloser::closed(), tower_resilience::window_of_calls()]
    }),
    shared("breaker, window of 30 s", "≤ 5", || {
        vec![
            ours::breaker::window_of_time(),
            failsafe::window_of_time(),
            seatbelt::window_of_time(),
            execution_policy::window_of_time(),
        ]
    }),
    shared("breaker, open", "≤ 5", || {
        vec![
            ours::breaker::open(),
            ours::breaker::open_by_hand(),
            recloser::open(),
            failsafe::open(),
            seatbelt::open(),
            tower_resilience::open(),
            execution_policy::open(),
        ]
    }),
    path("retry, first try succeeds, sync", "≤ 0.5", || {
        vec![ours::retry::first_try_sync(), backon::first_try_sync()]
    }),
    path("retry, first try succeeds, async", "≤ 0.5", || {
        vec![
            ours::retry::first_try_async(),
            backon::first_try_async(),
            tokio_retry::first_try_async(),
            seatbelt::first_try(),
            execution_policy::first_try(),
            tower::first_try(),
            tower_resilience::first_try(),
        ]
    }),
    path("retry, one failure, no wait", "", || {
        vec![
            ours::retry::one_failure(),
            backon::one_failure(),
            tokio_retry::one_failure(),
            seatbelt::one_failure(),
            execution_policy::one_failure(),
            tower_resilience::one_failure(),
        ]
    }),
    path("retry, one failure, until the wait", "", || {
        vec![
            ours::retry::until_the_wait(),
            backon::until_the_wait(),
            tokio_retry::until_the_wait(),
            seatbelt::until_the_wait(),
            execution_policy::until_the_wait(),
            tower::until_the_wait(),
            tower_resilience::until_the_wait(),
        ]
    }),
    path("retry, first try succeeds, with a budget", "≤ 3", || {
        vec![ours::hedge::first_try_under_a_budget(), tower::first_try_under_a_budget()]
    }),
    path("hedge not needed, ready at once", "", || vec![ours::hedge::at_once(), seatbelt::hedge_at_once()]),
    path("hedge not needed, pending once", "", || {
        vec![
            ours::hedge::pending_once(),
            ours::hedge::pending_once_by_percentile(),
            seatbelt::hedge_pending_once(),
        ]
    }),
    path("timeout, ready at once", "≤ 0.6", || {
        vec![
            ours::timeout::at_once(),
            tokio::at_once(),
            seatbelt::at_once(),
            execution_policy::at_once(),
            tower::at_once(),
            tower_resilience::at_once(),
        ]
    }),
    path("timeout, pending once", "≤ 40", || {
        vec![
            ours::timeout::pending_once(),
            tokio::pending_once(),
            seatbelt::pending_once(),
            execution_policy::pending_once(),
            tower::pending_once(),
            tower_resilience::pending_once(),
            ours::timeout::bare(),
        ]
    }),
    path("timeout, pending once, no other timer", "≤ 40", || {
        vec![
            ours::timeout::pending_once_alone(),
            tokio::pending_once_alone(),
            seatbelt::pending_once_alone(),
            execution_policy::pending_once_alone(),
            tower::pending_once_alone(),
            tower_resilience::pending_once_alone(),
            ours::timeout::bare_alone(),
        ]
    }),
    shared("timeout, pending once, polled by hand", "≤ 40", || {
        vec![ours::timeout::pending_once_polled(), tokio::pending_once_polled(), ours::timeout::bare_polled()]
    }),
    shared("timeout, pending once, two tasks by turns", "≤ 50", || {
        vec![
            ours::timeout::pending_once_by_turns(),
            tokio::pending_once_by_turns(),
            ours::timeout::bare_by_turns(),
        ]
    }),
    shared("rate limit, admitted", "≤ 7", || {
        vec![
            ours::rate_limit::admitted(),
            governor::admitted(),
            ratelimit::admitted(),
            leaky_bucket::admitted(),
            tower_resilience::admitted(),
            tower::rate_limit(),
        ]
    }),
    path("rate limit, refused", "≤ 9", || {
        vec![
            ours::rate_limit::refused(),
            governor::refused(),
            ratelimit::refused(),
            leaky_bucket::refused(),
            tower_resilience::refused(),
        ]
    }),
    shared("rate limit, 1 key", "≤ 10", || {
        vec![ours::rate_limit::keyed(1), governor::keyed(1), governor::keyed_foldhash(1)]
    }),
    shared("rate limit, 1,000 keys", "≤ 12", || {
        vec![ours::rate_limit::keyed(1000), governor::keyed(1000), governor::keyed_foldhash(1000)]
    }),
    Path {
        calls: 400_000,
        ..shared("rate limit, 100,000 keys", "≤ 35", || {
            vec![
                ours::rate_limit::keyed(100_000),
                governor::keyed(100_000),
                governor::keyed_foldhash(100_000),
            ]
        })
    },
    shared("bulkhead", "≤ 10", || {
        vec![
            ours::bulkhead::at_once(),
            tokio::try_acquire(),
            execution_policy::places(),
            tower::places(),
            tower_resilience::bulkhead(),
        ]
    }),
    path("bulkhead that may wait", "≤ 10", || {
        vec![
            ours::bulkhead::waiting(),
            tokio::acquire(),
            execution_policy::waiting_places(),
            tower::waiting_places(),
        ]
    }),
    path("overrides, two options read", "", || {
        vec![ours::overrides::read(), ours::overrides::read_as_written(), ours::overrides::read_plain()]
    }),
    path("overrides, breaker closed", "", || ours::overrides::breaker().into()),
    path("overrides, bulkhead", "", || ours::overrides::bulkhead().into()),
    path("overrides, retry, first try succeeds", "", || ours::overrides::retry().into()),
    shared("adaptive limit", "≤ 10", || vec![ours::adaptive::limit(), tokio::try_acquire().aside()]),
    shared("adaptive limit, async with a priority", "≤ 10", || {
        vec![ours::adaptive::limit_async(), tower_acc::adaptive(), tower_resilience::adaptive()]
    }),
    shared("throttle", "≤ 5", || vec![ours::adaptive::throttle()]),
    path("throttle, refused", "≤ 100", || vec![ours::adaptive::refused()]),
    shared("idempotent, an answer again", "≤ 30", || vec![ours::idempotent::replay(), map::replay()]),
    path("idempotent, an answer again, async", "≤ 30", || {
        vec![ours::idempotent::replay_async(), map::replay()]
    }),
    Path {
        calls: ours::idempotent::MANY,
        ..shared("idempotent, an answer again, 100,000 keys", "", || {
            vec![ours::idempotent::replay_of_many(), map::replay_of_many()]
        })
    },
    shared("idempotent, a new key", "≤ 100", || vec![ours::idempotent::claim_and_commit(), map::new_key()]),
    shared("cached, a hit of one key", "≤ 14", || {
        vec![ours::cached::hot(), quick_cache::hot(), cached::hot(), cached::hot_unbounded(), moka::hot()]
    }),
    shared("cached, hits of 1,000 keys", "≤ 14", || {
        vec![ours::cached::spread(), quick_cache::spread(), cached::spread(), moka::spread()]
    }),
    path("cached, a hit, async", "≤ 14", || vec![ours::cached::hot_async()]),
    path("cached, a hit by text", "≤ 14", || vec![ours::cached::by_text()]),
    path("cached, a miss", "", || vec![ours::cached::missed(), quick_cache::missed(), moka::missed()]),
    shared("metrics, a counter", "≤ 1", || {
        vec![
            ours::metrics::counter(),
            prometheus_client::counter(),
            prometheus::counter(),
            metrics::counter_kept(),
        ]
    }),
    shared("metrics, a counter with two labels", "", || {
        vec![
            ours::metrics::counter_with_labels(),
            prometheus_client::counter_with_labels(),
            prometheus::counter_with_labels(),
            metrics::counter_with_labels(),
        ]
    }),
    path("metrics, a counter by name and tags", "", || vec![ours::metrics::counter_by_name()]),
    shared("metrics, a histogram", "≤ 3", || {
        vec![
            ours::metrics::histogram(),
            prometheus_client::histogram(),
            prometheus::histogram(),
            metrics::histogram_kept(),
        ]
    }),
    shared("metered, a whole call", "≤ 25", || {
        vec![
            ours::metrics::metered(),
            ours::metrics::metered_in_async(),
            ours::metrics::metered_with_labels(),
            ours::metrics::timed(),
            autometrics::metered(),
        ]
    }),
    path("metrics, a scrape of 1,000 series", "≤ 15,000", || {
        vec![ours::metrics::scrape(), prometheus_client::scrape(), prometheus::scrape()]
    }),
    path("span, off", "≤ 0.6", || vec![ours::trace::off(), tracing::off(), fastrace::off()]),
    path("span, off, async", "≤ 0.6", || vec![ours::trace::off_async(), tracing::off_async()]),
    path("span, sampled out", "≤ 2", || {
        vec![
            ours::trace::sampled_out(),
            ours::trace::sampled_out_nested(),
            tracing::sampled_out(),
            opentelemetry::sampled_out(),
            fastrace::sampled_out(),
        ]
    }),
    path("span, sampled out, async", "≤ 2", || {
        vec![ours::trace::sampled_out_async(), tracing::sampled_out_async()]
    }),
    path("span, to the buffer", "≤ 60", || {
        vec![ours::trace::on(), tracing::on(), opentelemetry::on(), fastrace::on()]
    }),
    path("span, to the buffer, async", "≤ 60", || {
        vec![ours::trace::on_async(), ours::trace::on_with_attributes(), tracing::on_async()]
    }),
    path("span, which one is current", "", || vec![ours::trace::current()]),
    path("log line, JSON of three fields", "", || {
        vec![
            ours::logging::json(),
            ours::logging::json_as_it_is(),
            logging::tracing_json(),
            logging::env_logger(),
        ]
    }),
    path("log line, left out by its level", "", || {
        vec![ours::logging::left_out(), logging::tracing_left_out()]
    }),
    path("fallback, not needed", "", || {
        vec![ours::stack::fallback_not_needed(), seatbelt::fallback_not_needed()]
    }),
    path("chaos, off", "", || vec![ours::chaos::off(), Row::new("a bare function", || work(1))]),
    path("chaos, off, async", "", || {
        vec![ours::chaos::off_and_async(), Row::new("a bare async fn", || now(work_async(1)))]
    }),
    path("stack of three", "", || {
        vec![
            ours::stack::of_three(),
            by_hand::three(),
            execution_policy::three(),
            tower::three(),
            tower_resilience::three(),
        ]
    }),
    shared("stack of five", "≤ 22", || {
        vec![ours::stack::of_five(), by_hand::five(), tower_resilience::five(), execution_policy::four()]
    }),
    path("layer, breaker", "", || vec![ours::tower::closed(), tower_resilience::closed()]),
    path("layer, retry, first try succeeds", "", || {
        vec![ours::tower::first_try(), tower::first_try(), tower_resilience::first_try()]
    }),
    path("layer, timeout, ready at once", "", || {
        vec![ours::tower::at_once(), tower::at_once(), tower_resilience::at_once()]
    }),
    path("layer, timeout, pending once", "", || {
        vec![
            ours::tower::pending_once(),
            tower::pending_once_alone(),
            tower_resilience::pending_once_alone(),
            ours::timeout::bare_alone(),
        ]
    }),
    path("layer, rate limit", "", || vec![ours::tower::admitted(), tower_resilience::admitted()]),
    path("layer, bulkhead", "", || {
        vec![ours::tower::bulkhead(), tower::places(), tower_resilience::bulkhead()]
    }),
    shared("layer, stack of five", "", || vec![ours::tower::five(), tower_resilience::five()]),
    path("reading the clock", "", || {
        vec![
            Row::new(ours::WHO, mainstay::clock::now),
            Row::new("std::time::Instant", std::time::Instant::now),
            Row::new("tokio::time::Instant", ::tokio::time::Instant::now),
        ]
    }),
    path("nothing", "", || {
        vec![
            Row::new("a bare function", || work(1)),
            Row::new("a bare async fn", || now(work_async(1))),
            Row::new("a box, made and dropped", || Box::new(work(1))),
        ]
    }),
];
