//! What the policies count, read from their own numbers when somebody asks.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use super::{Collect, Descriptor, LabelSet, MetricKind::*, Sample, Sink};
use crate::{
    adaptive_limit::Priority,
    circuit_breaker::State,
    registry::{Policy, policies},
};

static ON: AtomicBool = AtomicBool::new(true);

/// Whether the policies' own metrics are among those that are read. They are unless this is told otherwise; the policies
/// count either way, as they do for [`policies()`], and a call costs the same.
pub fn show_policies(show: bool) {
    ON.store(show, Ordering::Relaxed);
}

/// Gives the metrics of every policy that has a name. [`registry()`](super::registry()) has it already.
#[derive(Debug, Clone, Copy, Default)]
pub struct PolicyMetrics;

impl Collect for PolicyMetrics {
    fn collect(&self, sink: &mut dyn Sink) {
        if !ON.load(Ordering::Relaxed) {
            return;
        }
        breakers(sink);
        retries_and_limits(sink);
        rate_limits(sink);
        bulkheads(sink);
        idempotencies(sink);
        caches(sink);
        budgets_and_hedges(sink);
        adaptive_limits(sink);
        throttles(sink);
    }
}

macro_rules! families {
    ($($name:ident = $kind:ident $text:literal $unit:expr, $help:literal;)*) => {$(
        static $name: Descriptor = Descriptor::known(concat!("mainstay_", $text), $help, $unit, $kind);
    )*};
}

families! {
    BREAKER_CALLS = Counter "circuit_breaker_calls" None, "Calls that a circuit breaker has seen, by outcome.";
    BREAKER_STATE = Gauge "circuit_breaker_state" None, "1 for the state that a circuit breaker is in, 0 for the others.";
    BREAKER_OPENED = Counter "circuit_breaker_opened" None, "How often a circuit breaker has opened.";
    BREAKER_TIME = Counter "circuit_breaker_state_seconds" Some("seconds"), "How long a circuit breaker has been open, half-open or forced open.";
    BREAKER_KEYS = Gauge "circuit_breaker_keys" None, "Keys of a circuit breaker with a key, by state.";
    RETRIES = Counter "retry_retries" None, "Attempts beyond the first.";
    RETRIED_CALLS = Counter "retry_retried_calls" None, "Calls that were tried again at least once.";
    RETRY_FAILED_CALLS = Counter "retry_failed_calls" None, "Calls that failed under a retry, by why they were not tried again.";
    RETRIES_EXHAUSTED = Counter "retry_exhausted" None, "Calls that failed with no attempt or no time left.";
    TIMED_OUT = Counter "timeout_timed_out" None, "Calls that a time limit has cut off.";
    TIMEOUT_DEADLINES = Counter "timeout_deadline_exceeded" None, "Calls under a time limit that the deadline around has ended, or kept from beginning.";
    LIMIT_CALLS = Counter "rate_limit_calls" None, "Calls that asked a rate limit, by outcome.";
    LIMIT_WAITING = Gauge "rate_limit_waiting" None, "Calls that wait for a rate limit.";
    LIMIT_TOKENS = Gauge "rate_limit_available_tokens" None, "Tokens that a rate limit has now.";
    LIMIT_KEYS = Gauge "rate_limit_keys" None, "Keys that a rate limit with a key remembers.";
    LIMIT_STORE_FAILURES = Counter "rate_limit_store_failures" None, "Times that the store of a rate limit could not be asked.";
    BULKHEAD_CALLS = Counter "bulkhead_calls" None, "Calls that asked for a place, by outcome.";
    BULKHEAD_RUNNING = Gauge "bulkhead_running" None, "Calls inside now.";
    BULKHEAD_WAITING = Gauge "bulkhead_waiting" None, "Calls that wait for a place.";
    BULKHEAD_LIMIT = Gauge "bulkhead_limit" None, "Calls that may be inside at once.";
    IDEMPOTENT_CALLS = Counter "idempotent_calls" None, "Calls under an idempotency key, by result.";
    IDEMPOTENT_TOOK_OVER = Counter "idempotent_took_over" None, "Calls that ran in place of one whose lease ran out.";
    IDEMPOTENT_LATE = Counter "idempotent_late" None, "Completions refused because another call had taken over.";
    IDEMPOTENT_KEYS = Gauge "idempotent_keys" None, "Keys kept in memory.";
    CACHE_REQUESTS = Counter "cache_requests" None, "Calls that asked a cache, by result.";
    CACHE_LOADS = Counter "cache_loads" None, "Loads that have ended, by outcome.";
    CACHE_EVICTIONS = Counter "cache_evictions" None, "Values that went for want of room.";
    CACHE_ENTRIES = Gauge "cache_entries" None, "Values kept.";
    BUDGET_CALLS = Counter "budget_first_calls" None, "First calls that were paid into a budget.";
    BUDGET_WITHDRAWALS = Counter "budget_withdrawals" None, "Further calls that were asked of a budget, by outcome.";
    BUDGET_AVAILABLE = Gauge "budget_available" None, "Further calls that a budget would permit now.";
    HEDGES = Counter "hedge_hedges" None, "Attempts beside primaries.";
    HEDGED_CALLS = Counter "hedge_hedged_calls" None, "Calls that had an attempt beside the primary.";
    HEDGES_WON = Counter "hedge_won" None, "Attempts beside primaries that were the answer.";
    HEDGE_OUT_OF_BUDGET = Counter "hedge_out_of_budget" None, "Times that no attempt was made because the budget was used up.";
    HEDGE_AFTER = Gauge "hedge_after_seconds" Some("seconds"), "How long a primary is waited for now; 0 while too few latencies are known.";
    ADAPTIVE_CALLS = Counter "adaptive_limit_calls" None, "Calls that asked an adaptive limit, by outcome.";
    ADAPTIVE_REJECTED = Counter "adaptive_limit_rejected" None, "Calls that an adaptive limit has refused, by priority.";
    ADAPTIVE_OVERLOADS = Counter "adaptive_limit_overloads" None, "Timed calls that ended in overload.";
    ADAPTIVE_RUNNING = Gauge "adaptive_limit_running" None, "Calls in flight now.";
    ADAPTIVE_LIMIT = Gauge "adaptive_limit_limit" None, "Calls that may be in flight at once, now.";
    ADAPTIVE_LATENCY = Gauge "adaptive_limit_latency_seconds" Some("seconds"), "The median latency of the last window.";
    ADAPTIVE_BASELINE = Gauge "adaptive_limit_baseline_seconds" Some("seconds"), "The latency of a call that waits for no other.";
    ADAPTIVE_GRADIENT = Gauge "adaptive_limit_gradient" None, "By what the limit was last multiplied.";
    THROTTLE_CALLS = Counter "throttle_calls" None, "Calls under a throttle: accepted or rejected by the server, or throttled here.";
    THROTTLE_RATE = Gauge "throttle_rejection_rate" None, "The probability with which a call is refused.";
}

fn named<P: Policy>(all: Vec<&'static P>) -> Vec<(&'static str, &'static P)> {
    all.into_iter().map(|policy| (policy.name().as_str(), policy)).collect()
}

/// A family in which each policy has a series, or one for each value of a second label.
fn each<T>(
    sink: &mut dyn Sink,
    family: &Descriptor,
    all: &[(&'static str, T)],
    label: &'static str,
    series: impl Fn(&T, &mut dyn FnMut(&'static str, Sample<'_>)),
) {
    if all.is_empty() || !sink.family(family) {
        return;
    }
    for (name, policy) in all {
        series(policy, &mut |value, sample| {
            sink.sample(&LabelSet::new([("name", *name), (label, value)]), sample);
        });
    }
}

fn count(number: usize) -> Sample<'static> {
    Sample::IntGauge(i64::try_from(number).unwrap_or(i64::MAX))
}

fn seconds(duration: Duration) -> Sample<'static> {
    Sample::FloatCounter(duration.as_secs_f64())
}

const STATES: [State; 6] =
    [State::Closed, State::Open, State::HalfOpen, State::ForcedOpen, State::Disabled, State::ObserveOnly];

fn breakers(sink: &mut dyn Sink) {
    let all = named(policies().circuit_breakers());
    let keyed = named(policies().keyed_circuit_breakers());
    let mut calls: Vec<_> = all.iter().map(|(name, breaker)| (*name, breaker.sums())).collect();
    calls.extend(keyed.iter().map(|(name, breakers)| (*name, breakers.sums())));
    each(sink, &BREAKER_CALLS, &joined(calls), "outcome", |[success, failure, ignored, rejected], give| {
        give("success", Sample::Counter(*success));
        give("failure", Sample::Counter(*failure));
        give("ignored", Sample::Counter(*ignored));
        give("rejected", Sample::Counter(*rejected));
    });
    each(sink, &BREAKER_STATE, &all, "state", |breaker, give| {
        let state = breaker.state();
        STATES.into_iter().for_each(|one| give(one.as_str(), count(usize::from(one == state))));
    });
    each(sink, &BREAKER_OPENED, &all, "", |breaker, give| {
        give("", Sample::Counter(breaker.opened_count()));
    });
    each(sink, &BREAKER_TIME, &all, "state", |breaker, give| {
        for state in [State::Open, State::HalfOpen, State::ForcedOpen] {
            give(state.as_str(), seconds(breaker.time_in(state)));
        }
    });
    each(sink, &BREAKER_KEYS, &keyed, "state", |keyed, give| {
        let states = keyed.states();
        for state in STATES {
            give(state.as_str(), count(states.iter().filter(|one| **one == state).count()));
        }
    });
}

fn retries_and_limits(sink: &mut dyn Sink) {
    let retries = named(policies().retries());
    each(sink, &RETRIES, &retries, "", |retry, give| {
        give("", Sample::Counter(retry.retries()));
    });
    each(sink, &RETRIED_CALLS, &retries, "", |retry, give| {
        give("", Sample::Counter(retry.retried_calls()));
    });
    each(sink, &RETRY_FAILED_CALLS, &retries, "result", |retry, give| {
        give("not_retryable", Sample::Counter(retry.not_retryable()));
        give("out_of_attempts", Sample::Counter(retry.out_of_attempts()));
        give("out_of_time", Sample::Counter(retry.out_of_time()));
        give("out_of_budget", Sample::Counter(retry.out_of_budget()));
    });
    each(sink, &RETRIES_EXHAUSTED, &retries, "", |retry, give| {
        give("", Sample::Counter(retry.exhausted()));
    });
    let timeouts = named(policies().timeouts());
    each(sink, &TIMED_OUT, &timeouts, "", |timeout, give| {
        give("", Sample::Counter(timeout.timed_out()));
    });
    each(sink, &TIMEOUT_DEADLINES, &timeouts, "", |timeout, give| {
        give("", Sample::Counter(timeout.deadline_exceeded_calls()));
    });
}

fn rate_limits(sink: &mut dyn Sink) {
    let single = named(policies().rate_limiters());
    let keyed = named(policies().keyed_rate_limiters());
    let shared = named(policies().shared_limits());
    let mut calls: Vec<(&'static str, [u64; 2])> = Vec::new();
    calls
        .extend(single.iter().map(|(name, limit)| (*name, [limit.admitted_count(), limit.rejected_count()])));
    calls.extend(keyed.iter().map(|(name, limit)| (*name, [limit.admitted_count(), limit.rejected_count()])));
    calls
        .extend(shared.iter().map(|(name, limit)| (*name, [limit.admitted_count(), limit.rejected_count()])));
    each(sink, &LIMIT_CALLS, &joined(calls), "outcome", |[permitted, rejected], give| {
        give("permitted", Sample::Counter(*permitted));
        give("rejected", Sample::Counter(*rejected));
    });
    let mut waiting: Vec<(&'static str, [u64; 1])> = Vec::new();
    waiting.extend(single.iter().map(|(name, limit)| (*name, [limit.waiting().into()])));
    waiting.extend(shared.iter().map(|(name, limit)| (*name, [limit.waiting().into()])));
    each(sink, &LIMIT_WAITING, &joined(waiting), "", |[waiting], give| {
        give("", Sample::IntGauge(waiting.cast_signed()));
    });
    each(sink, &LIMIT_TOKENS, &single, "", |limit, give| {
        give("", Sample::Gauge(limit.available_tokens()));
    });
    each(sink, &LIMIT_KEYS, &keyed, "", |limit, give| give("", count(limit.len())));
    each(sink, &LIMIT_STORE_FAILURES, &shared, "", |limit, give| {
        give("", Sample::Counter(limit.store_failure_count()));
    });
}

/// Limits of different kinds may have one name, and are one to whoever reads the metrics.
fn joined<const N: usize>(mut rows: Vec<(&'static str, [u64; N])>) -> Vec<(&'static str, [u64; N])> {
    rows.sort_unstable();
    rows.dedup_by(|(name, counts), (kept, sums)| {
        let is_same = name == kept;
        if is_same {
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum = sum.saturating_add(*count));
        }
        is_same
    });
    rows
}

fn bulkheads(sink: &mut dyn Sink) {
    let all = named(policies().bulkheads());
    each(sink, &BULKHEAD_CALLS, &all, "outcome", |bulkhead, give| {
        give("permitted", Sample::Counter(bulkhead.admitted_count()));
        give("rejected", Sample::Counter(bulkhead.rejected_count()));
    });
    each(sink, &BULKHEAD_RUNNING, &all, "", |bulkhead, give| {
        give("", Sample::IntGauge(bulkhead.in_flight().into()));
    });
    each(sink, &BULKHEAD_WAITING, &all, "", |bulkhead, give| {
        give("", Sample::IntGauge(bulkhead.waiting().into()));
    });
    each(sink, &BULKHEAD_LIMIT, &all, "", |bulkhead, give| {
        give("", Sample::IntGauge(bulkhead.limit().into()));
    });
}

fn idempotencies(sink: &mut dyn Sink) {
    let all = named(policies().idempotencies());
    each(sink, &IDEMPOTENT_CALLS, &all, "result", |policy, give| {
        give("run", Sample::Counter(policy.run_count()));
        give("replayed", Sample::Counter(policy.replayed_count()));
        give("rejected", Sample::Counter(policy.refused_count()));
    });
    each(sink, &IDEMPOTENT_TOOK_OVER, &all, "", |policy, give| {
        give("", Sample::Counter(policy.took_over_count()));
    });
    each(sink, &IDEMPOTENT_LATE, &all, "", |policy, give| {
        give("", Sample::Counter(policy.late_count()));
    });
    each(sink, &IDEMPOTENT_KEYS, &all, "", |policy, give| {
        give("", count(usize::try_from(policy.len()).unwrap_or(usize::MAX)));
    });
}

fn caches(sink: &mut dyn Sink) {
    let all = named(policies().caches());
    each(sink, &CACHE_REQUESTS, &all, "result", |cache, give| {
        give("hit", Sample::Counter(cache.hits()));
        give("miss", Sample::Counter(cache.misses()));
        give("stale", Sample::Counter(cache.stale_served()));
    });
    each(sink, &CACHE_LOADS, &all, "outcome", |cache, give| {
        let failures = cache.load_failures();
        give("success", Sample::Counter(cache.loads().saturating_sub(failures)));
        give("failure", Sample::Counter(failures));
    });
    each(sink, &CACHE_EVICTIONS, &all, "", |cache, give| {
        give("", Sample::Counter(cache.evictions()));
    });
    each(sink, &CACHE_ENTRIES, &all, "", |cache, give| give("", count(cache.len())));
}

fn adaptive_limits(sink: &mut dyn Sink) {
    let all = named(policies().adaptive_limits());
    each(sink, &ADAPTIVE_CALLS, &all, "outcome", |limit, give| {
        give("permitted", Sample::Counter(limit.admitted_count()));
        give("rejected", Sample::Counter(limit.rejected_count()));
    });
    each(sink, &ADAPTIVE_REJECTED, &all, "priority", |limit, give| {
        for priority in Priority::ALL {
            give(priority.as_str(), Sample::Counter(limit.rejected_of(priority)));
        }
    });
    each(sink, &ADAPTIVE_OVERLOADS, &all, "", |limit, give| {
        give("", Sample::Counter(limit.overload_count()));
    });
    each(sink, &ADAPTIVE_RUNNING, &all, "", |limit, give| {
        give("", Sample::IntGauge(limit.in_flight().into()));
    });
    each(sink, &ADAPTIVE_LIMIT, &all, "", |limit, give| {
        give("", Sample::IntGauge(limit.limit().into()));
    });
    each(sink, &ADAPTIVE_LATENCY, &all, "", |limit, give| {
        give("", Sample::Gauge(limit.latency().as_secs_f64()));
    });
    each(sink, &ADAPTIVE_BASELINE, &all, "", |limit, give| {
        give("", Sample::Gauge(limit.baseline().as_secs_f64()));
    });
    each(sink, &ADAPTIVE_GRADIENT, &all, "", |limit, give| give("", Sample::Gauge(limit.gradient())));
}

fn throttles(sink: &mut dyn Sink) {
    let all = named(policies().throttles());
    each(sink, &THROTTLE_CALLS, &all, "outcome", |throttle, give| {
        give("accepted", Sample::Counter(throttle.accepted_count()));
        give("rejected", Sample::Counter(throttle.rejected_count()));
        give("throttled", Sample::Counter(throttle.refused_count()));
    });
    each(sink, &THROTTLE_RATE, &all, "", |throttle, give| give("", Sample::Gauge(throttle.rejection_rate())));
}

fn budgets_and_hedges(sink: &mut dyn Sink) {
    let budgets = named(policies().budgets());
    each(sink, &BUDGET_CALLS, &budgets, "", |budget, give| {
        give("", Sample::Counter(budget.first_calls()));
    });
    each(sink, &BUDGET_WITHDRAWALS, &budgets, "outcome", |budget, give| {
        give("permitted", Sample::Counter(budget.withdrawn()));
        give("rejected", Sample::Counter(budget.refused()));
    });
    each(sink, &BUDGET_AVAILABLE, &budgets, "", |budget, give| {
        give("", Sample::IntGauge(budget.available().cast_signed()));
    });
    let hedges = named(policies().hedges());
    each(sink, &HEDGES, &hedges, "", |hedge, give| give("", Sample::Counter(hedge.hedges())));
    each(sink, &HEDGED_CALLS, &hedges, "", |hedge, give| give("", Sample::Counter(hedge.hedged_calls())));
    each(sink, &HEDGES_WON, &hedges, "", |hedge, give| give("", Sample::Counter(hedge.won())));
    each(sink, &HEDGE_OUT_OF_BUDGET, &hedges, "", |hedge, give| {
        give("", Sample::Counter(hedge.out_of_budget()));
    });
    each(sink, &HEDGE_AFTER, &hedges, "", |hedge, give| {
        give("", Sample::Gauge(hedge.after().unwrap_or_default().as_secs_f64()));
    });
}
