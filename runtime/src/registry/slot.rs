use std::{fmt, sync::OnceLock};

use super::{AnyPolicy, Policy};
use crate::{
    adaptive_limit::AdaptiveLimit,
    budget::Budget,
    bulkhead::Bulkhead,
    cached::Cache,
    catalog::{self, Site},
    circuit_breaker::{CircuitBreaker, KeyedCircuitBreaker},
    fallback::FallbackSwitch,
    hedge::Hedge,
    idempotent::Idempotency,
    metered::Metered,
    rate_limit::{KeyedRateLimiter, RateLimiter, SharedLimit},
    retry::Retry,
    throttle::Throttle,
    timeout::Timeout,
};

/// Where an annotated function keeps its policy: its own instance, or the one that its name stands for.
pub struct Slot<P: 'static> {
    own: P,
    /// Whether the name was written by the user. A name made from the function's path is never shared.
    named: bool,
    site: &'static Site,
    shared: OnceLock<&'static P>,
}

impl<P: Slotted> Slot<P> {
    /// A slot with an instance for the function's own use, shared with others if it is `named`.
    pub const fn new(own: P, named: bool, site: &'static Site) -> Self {
        Self { own, named, site, shared: OnceLock::new() }
    }

    /// The policy in force.
    #[inline]
    pub fn get(&'static self) -> &'static P {
        match self.shared.get() {
            Some(policy) => policy,
            None => P::resolve(self),
        }
    }

    /// The function's own instance, whoever shares the name: for reading a configuration that never changes.
    #[inline]
    pub const fn own(&'static self) -> &'static P {
        &self.own
    }

    /// The policy in force, if somebody has asked for it before: for a look that makes nothing known.
    #[inline]
    pub(crate) fn found(&'static self) -> Option<&'static P> {
        self.shared.get().copied()
    }

    /// What the first call does: it makes all annotated functions known.
    fn start(&'static self) -> &'static P {
        catalog::start(self.site);
        self.shelve()
    }

    fn shelve(&'static self) -> &'static P {
        self.shared.get_or_init(|| {
            let name = self.own.name().as_str();
            if self.named {
                return P::shelf().share(&self.own, &self.site.to_string());
            }
            P::shelf().place(name, &format!("@{}", self.site.line()), &self.own);
            &self.own
        })
    }
}

/// A policy that an annotated function can have. It is implemented for each kind by itself and not for all at once, as is
/// [`AnySlot`], so that what they lead to is compiled in this crate and not in every crate that annotates a function.
pub trait Slotted: Policy {
    /// The policy in force, when it is first asked for.
    fn resolve(slot: &'static Slot<Self>) -> &'static Self;
}

/// A slot of whatever kind of policy, as the catalog holds it.
pub trait AnySlot: Sync + fmt::Debug {
    /// Whether the name was written by the user.
    fn is_named(&self) -> bool;
    /// Finds the instance in force and makes it known by its name.
    fn register(&'static self);
    /// The policy in force.
    fn policy(&'static self) -> &'static dyn AnyPolicy;
    /// The policy's name.
    fn name(&'static self) -> &'static str;
    /// Its configuration in one line.
    fn describe_config(&'static self) -> String;
    /// Its live state in one line.
    fn describe_state(&'static self) -> String;
}

macro_rules! slots {
    ($($policy:ty),*) => {$(
        impl Slotted for $policy {
            #[cold]
            fn resolve(slot: &'static Slot<Self>) -> &'static Self {
                slot.start()
            }
        }

        impl AnySlot for Slot<$policy> {
            fn is_named(&self) -> bool {
                self.named
            }

            fn register(&'static self) {
                self.shelve();
            }

            fn policy(&'static self) -> &'static dyn AnyPolicy {
                self.get()
            }

            fn name(&'static self) -> &'static str {
                Policy::name(self.own()).as_str()
            }

            fn describe_config(&'static self) -> String {
                self.get().describe_config()
            }

            fn describe_state(&'static self) -> String {
                self.get().describe_state()
            }
        }

        impl fmt::Debug for Slot<$policy> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.own.fmt(f)
            }
        }
    )*};
}

slots!(
    CircuitBreaker,
    KeyedCircuitBreaker,
    RateLimiter,
    KeyedRateLimiter,
    SharedLimit,
    Bulkhead,
    Cache,
    Retry,
    Timeout,
    Idempotency,
    Metered,
    FallbackSwitch,
    Budget,
    Hedge,
    AdaptiveLimit,
    Throttle
);
