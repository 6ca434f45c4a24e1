//! What a scope forces, by name.

use std::hash::Hash;

use mainstay_runtime::{
    Error,
    adaptive_limit::Priority,
    budget::Budget,
    idempotent::{Begun, Values},
    registry::{AnyPolicy, Listed, Policy, policies},
    store::ToKey,
};

use super::{Faults, Scope, scope::Undo};
use crate::step::stop;

/// Puts every policy of that name back to how it started.
pub(super) fn reset(name: &str) {
    macro_rules! reset {
        ($($lookup:ident),*) => {
            $( if let Some(policy) = policies().$lookup(name) { Policy::reset(policy); } )*
        };
    }
    reset!(
        circuit_breaker,
        keyed_circuit_breaker,
        rate_limiter,
        keyed_rate_limiter,
        shared_limit,
        bulkhead,
        cache,
        retry,
        timeout,
        idempotency,
        metered,
        fallback,
        budget,
        hedge,
        chaos,
        adaptive_limit,
        throttle
    );
}

/// There is no policy of that kind and name, or only one that is forced in another way.
#[track_caller]
fn missing(kind: &str, name: &str) -> ! {
    let namesakes = policies().all().into_iter().filter(|listed| listed.name() == name);
    if let Some(remedy) = namesakes.into_iter().find_map(|listed| remedy(kind, listed.policy().kind())) {
        stop(&remedy.replace("{name}", name));
    }
    let what = match kind.strip_prefix("keyed_") {
        Some(attribute) => format!("`#[{attribute}]` with a key"),
        None if kind == Budget::ATTRIBUTE => "budget".to_owned(),
        None => format!("`#[{kind}]`"),
    };
    unknown(&what, name, |policy| policy.kind() == kind)
}

/// Tells which names there are of what `is_meant` says.
#[track_caller]
fn unknown(what: &str, name: &str, is_meant: impl Fn(&dyn AnyPolicy) -> bool) -> ! {
    let all = policies().all();
    let known = all.iter().filter(|listed| is_meant(listed.policy())).map(Listed::name);
    let known: Vec<_> = known.map(|name| format!("`{name}`")).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    stop(&format!(
        "there is no {what} of the name `{name}` in this program; there is: {known}. A function's own name is its path, and a \
         builder's policy is found by its name once it is registered"
    ))
}

/// What to write where one of kind `wanted` was looked for, and the name is that of one of kind `found`.
fn remedy(wanted: &str, found: &str) -> Option<&'static str> {
    Some(match (wanted, found) {
        ("circuit_breaker", "keyed_circuit_breaker") => {
            "`{name}` has one circuit breaker per key: write `open_breaker_of(\"{name}\", &key)`"
        }
        ("keyed_circuit_breaker", "circuit_breaker") => {
            "`{name}` is one circuit breaker for all keys: write `open_breaker(\"{name}\")`"
        }
        ("rate_limit", "keyed_rate_limit") => {
            "`{name}` has one rate limit per key: write `empty_rate_limit_of(\"{name}\", &key)`"
        }
        ("keyed_rate_limit", "rate_limit") => {
            "`{name}` is one rate limit for all keys: write `empty_rate_limit(\"{name}\")`"
        }
        ("rate_limit" | "keyed_rate_limit", "shared_rate_limit") => {
            "the tokens of `{name}` are in a store, which other tests may share: give this test a store of its own, and take \
             them there by `SharedRateLimiter::try_acquire`"
        }
        _ => return None,
    })
}

impl Scope {
    fn undo(&self, name: &str, undo: impl FnOnce() + 'static) {
        self.undo.borrow_mut().push((name.to_owned(), Box::new(undo)));
    }

    /// Takes back what is forced under that name, now and not at the end: calls leave the bulkhead, the breaker is closed.
    pub fn release(&self, name: &str) {
        let (mine, others) = self.undo.take().into_iter().partition(|(whose, _)| whose == name);
        *self.undo.borrow_mut() = others;
        Vec::into_iter(mine).rev().for_each(|(_, undo): (String, Undo)| undo());
    }

    /// Opens the circuit breaker of that name, for good: it refuses every call until the end or [`release`](Self::release).
    ///
    /// # Panics
    /// Where there is no such breaker, or the name cannot be [held](Self::hold).
    #[track_caller]
    pub fn open_breaker(&self, name: &str) {
        let Some(breaker) = policies().circuit_breaker(name) else { missing("circuit_breaker", name) };
        self.hold(name);
        breaker.force_open();
        self.undo(name, || breaker.reset());
    }

    /// Opens that key's breaker of the circuit breakers of that name.
    ///
    /// # Panics
    /// Where there are no such breakers, or the name cannot be [held](Self::hold).
    #[track_caller]
    pub fn open_breaker_of<K: Hash + ?Sized>(&self, name: &str, key: &K) {
        let Some(breakers) = policies().keyed_circuit_breaker(name) else {
            missing("keyed_circuit_breaker", name)
        };
        self.hold(name);
        let breaker = breakers.get(key);
        breaker.force_open();
        self.undo(name, move || breaker.reset());
    }

    /// Takes every place of the bulkhead of that name, until the end or [`release`](Self::release).
    ///
    /// # Panics
    /// Where there is no such bulkhead, or the name cannot be [held](Self::hold).
    #[track_caller]
    pub fn fill_bulkhead(&self, name: &str) {
        let Some(bulkhead) = policies().bulkhead(name) else { missing("bulkhead", name) };
        self.hold(name);
        let mut inside = Vec::new();
        while bulkhead.available() > 0
            && let Ok(permit) = bulkhead.try_enter()
        {
            inside.push(permit);
        }
        self.undo(name, move || drop(inside));
    }

    /// Takes every place that the adaptive limit of that name has now, until the end or [`release`](Self::release). It learns
    /// nothing from that; one that is switched off has no places.
    ///
    /// # Panics
    /// Where there is no such limit, or the name cannot be [held](Self::hold).
    #[track_caller]
    pub fn fill_adaptive_limit(&self, name: &str) {
        let Some(limit) = policies().adaptive_limit(name) else { missing("adaptive_limit", name) };
        self.hold(name);
        let left = limit.limit().saturating_sub(limit.in_flight());
        let inside: Vec<_> = (0..left).map_while(|_| limit.try_enter(Priority::Critical).ok()).collect();
        // They are no calls of the program's.
        self.seen.borrow_mut().begin_again(name);
        self.undo(name, move || drop(inside));
    }

    /// Takes every token that the rate limit of that name has now. They come back as time goes on, as they do in life.
    ///
    /// # Panics
    /// Where there is no such limit, or the name cannot be [held](Self::hold).
    #[track_caller]
    pub fn empty_rate_limit(&self, name: &str) {
        let Some(limit) = policies().rate_limiter(name) else { missing("rate_limit", name) };
        self.hold(name);
        let _ = limit.try_acquire(limit.available_tokens());
        self.undo(name, || limit.reset());
    }

    /// Takes every token that the rate limit of that name has for that key now.
    ///
    /// # Panics
    /// Where there is no such limit, or the name cannot be [held](Self::hold).
    #[track_caller]
    pub fn empty_rate_limit_of<K: Hash + ?Sized>(&self, name: &str, key: &K) {
        let Some(limit) = policies().keyed_rate_limiter(name) else { missing("keyed_rate_limit", name) };
        self.hold(name);
        let _ = limit.try_acquire(key, limit.available_tokens(key));
        self.undo(name, || Policy::reset(limit));
    }

    /// Lets the throttle of that name refuse every call, until the end or [`release`](Self::release). One that is switched off
    /// refuses none.
    ///
    /// # Panics
    /// Where there is no such throttle, or the name cannot be [held](Self::hold).
    #[track_caller]
    pub fn close_throttle(&self, name: &str) {
        let Some(throttle) = policies().throttle(name) else { missing("throttle", name) };
        self.hold(name);
        throttle.refuse_all();
        self.undo(name, || throttle.reset());
    }

    /// Spends what the budget of that name permits now, so that calls are neither tried again nor hedged. It is paid into by the
    /// calls that follow, and by time, as it is in life.
    ///
    /// # Panics
    /// Where there is no such budget, or the name cannot be [held](Self::hold).
    #[track_caller]
    pub fn spend_budget(&self, name: &str) {
        let Some(budget) = policies().budget(name) else { missing("budget", name) };
        self.hold(name);
        let _spent = (0..budget.available()).take_while(|_| budget.withdraw()).count();
        // They are no calls of the program's.
        self.seen.borrow_mut().begin_again(name);
        self.undo(name, || budget.reset());
    }

    /// Claims a key of the `#[idempotent]` of that name, as a call that runs does, until the end or [`release`](Self::release).
    /// Calls under it are refused where `in_flight = reject`, and else wait as they wait for any other: for their `max_wait`
    /// or a time limit, so there should be one. Keys in a store are claimed there.
    ///
    /// ```
    /// use mainstay_runtime::{Error, Kind, idempotent::{Idempotency, InFlight}};
    /// use mainstay_testkit::testing;
    ///
    /// let orders = Idempotency::builder().in_flight(InFlight::Reject).register("docs.claim_key")?;
    /// let scope = testing::scope();
    /// scope.claim_key("docs.claim_key", "order-7");
    /// let refused = orders.call("order-7", || Ok::<_, Error>(())).unwrap_err();
    /// assert_eq!(refused.kind(), Kind::InFlight);
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// Where there is no such policy, a call runs under the key, or the name cannot be [held](Self::hold).
    #[track_caller]
    pub fn claim_key(&self, name: &str, key: impl ToKey) {
        let Some(idempotency) = policies().idempotency(name) else { missing("idempotent", name) };
        self.hold(name);
        let begun = idempotency.begin_now::<Values, Result<(), Error>>(key.to_key().as_str(), None);
        let Some(Begun::Run(Some(claim))) = begun else {
            let key = key.to_key();
            stop(&format!(
                "`{name}` cannot be claimed under `{}`: a call runs or has run under that key",
                key.as_str()
            ))
        };
        self.seen.borrow_mut().begin_again(name);
        self.undo(name, move || claim.settle::<Values, Result<(), Error>>(&Ok(()), false));
    }

    /// Sets an option of a policy, in the spelling of the attribute, as an override from outside does, until the end.
    /// `enabled` is an option of each.
    ///
    /// ```
    /// use mainstay_runtime::chaos::Chaos;
    /// use mainstay_testkit::testing;
    ///
    /// let chaos = Chaos::builder().register("docs.set")?;
    /// {
    ///     let scope = testing::scope();
    ///     scope.set("docs.set", "chaos", "error_rate", 0.5);
    ///     scope.set("docs.set", "chaos", "enabled", true);
    ///     assert_eq!(chaos.config().to_string(), "error_rate 0.5");
    /// }
    /// assert_eq!(chaos.config().to_string(), "no faults");
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// Where there is no such policy or option, the value makes no sense, or the name cannot be [held](Self::hold).
    #[track_caller]
    pub fn set(&self, name: &str, attribute: &str, option: &str, value: impl ToString) {
        let all = policies().all();
        let mut found = all.iter().filter(|listed| listed.name() == name);
        let Some(listed) = found.find(|listed| listed.policy().attribute() == attribute) else {
            unknown(&format!("`#[{attribute}]`"), name, |policy| policy.attribute() == attribute)
        };
        self.hold(name);
        match listed.policy().set_for_now(option, &value.to_string()) {
            Ok(undo) => self.undo(name, undo),
            Err(problem) => stop(&problem),
        }
    }

    /// Says what becomes of the next calls of this scope under the `#[chaos]` of that name, which need not be on. Nobody else's
    /// calls are touched.
    ///
    /// ```
    /// use mainstay_runtime::{Error, chaos::Chaos};
    /// use mainstay_testkit::testing;
    ///
    /// let chaos = Chaos::builder().register("docs.faults")?;
    /// let call = || chaos.call(|| Ok::<_, Error>(()));
    ///
    /// let scope = testing::scope();
    /// scope.chaos("docs.faults").pass(1).fail(2);
    /// assert_eq!([call(), call(), call(), call()].map(|answer| answer.is_ok()), [true, false, false, true]);
    /// assert_eq!(scope.chaos("docs.faults").calls(), 4);
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// Where there is no such `#[chaos]`.
    #[track_caller]
    pub fn chaos<'s>(&'s self, name: &'s str) -> Faults<'s> {
        let Some(chaos) = policies().chaos(name) else { missing("chaos", name) };
        self.watching.borrow_mut().entry(name.to_owned()).or_insert_with(|| self.plans.watch(chaos, self.id));
        Faults { plans: &self.plans, name }
    }
}
