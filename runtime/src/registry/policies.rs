use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use super::{Listed, Policy};
use crate::{
    ConfigError,
    adaptive_limit::AdaptiveLimit,
    budget::Budget,
    bulkhead::Bulkhead,
    cached::Cache,
    catalog,
    circuit_breaker::CircuitBreaker,
    circuit_breaker::KeyedCircuitBreaker,
    fallback::FallbackSwitch,
    hedge::Hedge,
    idempotent::Idempotency,
    metered::Metered,
    overrides::{self, Explanation, Target},
    rate_limit::KeyedRateLimiter,
    rate_limit::RateLimiter,
    rate_limit::SharedLimit,
    retry::Retry,
    throttle::Throttle,
    timeout::Timeout,
};

/// The policies of this program, by name.
///
/// ```
/// use mainstay_runtime::{circuit_breaker::CircuitBreaker, registry::policies};
///
/// CircuitBreaker::builder().failure_threshold(3).register("docs.payments")?;
///
/// let breaker = policies().circuit_breaker("docs.payments").expect("registered above");
/// breaker.force_open();
/// assert_eq!(breaker.state().to_string(), "forced_open");
/// breaker.reset();
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
pub fn policies() -> Policies {
    Policies(())
}

/// See [`policies`].
#[derive(Debug, Clone, Copy)]
pub struct Policies(());

macro_rules! lookups {
    ($($one:ident, $all:ident, $policy:ty, $what:literal;)*) => {
        impl Policies {
            $(
                #[doc = concat!("The ", $what, " of that name.")]
                pub fn $one(self, name: &str) -> Option<&'static $policy> {
                    catalog::register_all();
                    <$policy>::shelf().get(name)
                }

                #[doc = concat!("Every ", $what, " that has a name, in the order of names.")]
                pub fn $all(self) -> Vec<&'static $policy> {
                    catalog::register_all();
                    <$policy>::shelf().all()
                }
            )*

            /// Every policy that has a name, of whatever kind, by kind and name.
            pub fn all(self) -> Vec<Listed> {
                catalog::register_all();
                let mut all = Vec::new();
                $( all.extend(<$policy>::shelf().listed().into_iter().map(Listed::new)); )*
                all
            }

            /// The same, as overrides see them.
            pub(crate) fn targets(self) -> Vec<Target> {
                catalog::register_all();
                let mut all = Vec::new();
                $( all.extend(<$policy>::shelf().listed().into_iter().map(Target::new)); )*
                all
            }

            /// Puts every named policy back to how it started.
            pub fn reset_all(self) {
                $( self.$all().into_iter().for_each(Policy::reset); )*
            }
        }

        /// Every kind of policy, as overrides see it.
        pub(crate) fn kinds() -> Vec<overrides::Kind> {
            vec![$( overrides::Kind::of::<$policy>() ),*]
        }
    };
}

lookups! {
    circuit_breaker, circuit_breakers, CircuitBreaker, "circuit breaker";
    keyed_circuit_breaker, keyed_circuit_breakers, KeyedCircuitBreaker, "circuit breaker with a key";
    rate_limiter, rate_limiters, RateLimiter, "rate limiter";
    keyed_rate_limiter, keyed_rate_limiters, KeyedRateLimiter, "rate limiter with a key";
    shared_limit, shared_limits, SharedLimit, "rate limit in a store";
    bulkhead, bulkheads, Bulkhead, "bulkhead";
    cache, caches, Cache, "cache";
    retry, retries, Retry, "retry policy";
    timeout, timeouts, Timeout, "time limit";
    idempotency, idempotencies, Idempotency, "idempotency policy";
    metered, meters, Metered, "metered function";
    fallback, fallbacks, FallbackSwitch, "fallback";
    budget, budgets, Budget, "budget of further calls";
    hedge, hedges, Hedge, "hedge policy";
    adaptive_limit, adaptive_limits, AdaptiveLimit, "adaptive limit";
    throttle, throttles, Throttle, "throttle";
}

impl Policies {
    /// Every option of every policy, the value in force, and where it comes from: the code, or what was set from outside.
    ///
    /// ```
    /// print!("{}", mainstay_runtime::registry::policies().explain());
    /// ```
    pub fn explain(self) -> Explanation {
        overrides::explain()
    }

    /// The names under which different configurations were given. The first one given is in force.
    pub fn conflicts(self) -> Vec<Conflict> {
        catalog::register_all();
        CONFLICTS
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .map(|known| known.conflict.clone())
            .collect()
    }
}

/// Shares an instance made without a macro: the one already registered under its name, or this one, which then lives
/// as long as the program.
pub(crate) fn register<P: Policy>(policy: Result<P, ConfigError>) -> Result<&'static P, ConfigError> {
    let policy = policy?;
    catalog::register_all();
    let shared = P::shelf().share_owned(policy, "a builder");
    log_conflicts();
    Ok(shared)
}

/// Two different configurations under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Conflict {
    /// The attribute concerned.
    pub attribute: &'static str,
    /// The name.
    pub name: String,
    /// The configuration that came first and is in force.
    pub in_force: String,
    /// The configuration that is not followed.
    pub refused: String,
    /// Where that one is written.
    pub place: String,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { attribute, name, in_force, refused, place } = self;
        write!(
            f,
            "{attribute} `{name}` has two configurations: {in_force} is in force, {refused} at {place} is not followed; \
             make them equal or give one another name"
        )
    }
}

#[derive(Debug)]
struct Recorded {
    conflict: Conflict,
    logged: bool,
}

static CONFLICTS: Mutex<Vec<Recorded>> = Mutex::new(Vec::new());

pub(super) fn record_conflict(conflict: Conflict) {
    let mut recorded = CONFLICTS.lock().unwrap_or_else(PoisonError::into_inner);
    if !recorded.iter().any(|known| known.conflict == conflict) {
        recorded.push(Recorded { conflict, logged: false });
    }
}

/// Logs the conflicts that were found since, and what overrides came to. Apart from finding them, because a subscriber may call into policies.
pub(crate) fn log_conflicts() {
    let fresh: Vec<Conflict> = {
        let mut recorded = CONFLICTS.lock().unwrap_or_else(PoisonError::into_inner);
        recorded
            .iter_mut()
            .filter(|known| !known.logged)
            .map(|known| {
                known.logged = true;
                known.conflict.clone()
            })
            .collect()
    };
    fresh.iter().for_each(|conflict| tracing::error!(target: "mainstay", "{conflict}"));
    overrides::report_adopted();
}
