//! The same for what learns from calls: limits that adapt, throttles, chaos, and policies with a key.

use std::{cell::RefCell, time::Duration};

use mainstay::{
    adaptive_limit::AdaptiveLimit,
    chaos::Chaos,
    circuit_breaker::{CircuitBreaker, KeyedCircuitBreaker, State},
    rate_limit::{KeyedRateLimiter, Rate, RateLimiter},
    throttle::Throttle,
    tower::*,
};
use mainstay_testkit::{Script, Step, drop_at_every_await};
use tower::{Service, ServiceBuilder, ServiceExt};

use crate::support::{Backend, Failure, SECOND, name, send_and_drop_some};

struct Policies {
    limit: &'static AdaptiveLimit,
    throttle: &'static Throttle,
    breakers: &'static KeyedCircuitBreaker,
    limiter: &'static KeyedRateLimiter,
    chaos: &'static Chaos,
}

impl Policies {
    fn new() -> Self {
        let name = name("cancel.more");
        let limiter = RateLimiter::builder(Rate::per_second(100)).burst(1).max_wait(60 * SECOND);
        let breakers = CircuitBreaker::builder().failure_threshold(1000);
        let chaos = Chaos::builder().latency(SECOND / 10).latency_rate(0.5).error_rate(0.1).seed(7);
        Self {
            limit: AdaptiveLimit::builder().min(4).initial(4).max(4).register(name.clone()).unwrap(),
            throttle: Throttle::builder().register(name.clone()).unwrap(),
            breakers: breakers.register_keyed(name.clone()).unwrap(),
            limiter: limiter.register_keyed(name.clone()).unwrap(),
            chaos: chaos.register(name).unwrap(),
        }
    }

    fn around(
        &self,
        backend: Backend,
    ) -> impl Service<u64, Response = u64, Error = Failure, Future: Send> + Clone + use<> {
        ServiceBuilder::new()
            .layer(KeyedCircuitBreakerLayer::of(self.breakers).key(|request: &u64| Some(*request % 3)))
            .layer(ThrottleLayer::of(self.throttle))
            .layer(KeyedRateLimitLayer::of(self.limiter).key(|request: &u64| Some(*request % 3)))
            .layer(AdaptiveLimitLayer::of(self.limit))
            .layer(ChaosLayer::of(self.chaos))
            .service(backend)
    }
}

#[tokio::test(start_paused = true)]
async fn no_place_is_lost_by_a_call_that_is_dropped_anywhere() {
    let policies = Policies::new();
    policies.chaos.enable();
    let backends = RefCell::new(Vec::new());
    let make = || {
        let backend = Backend::new(Script::always(Step::delay(SECOND, Step::ok(7))));
        backends.borrow_mut().push(backend.clone());
        policies.around(backend).oneshot(1)
    };
    let polls = drop_at_every_await(SECOND / 2, make, |polls| {
        for backend in backends.borrow_mut().drain(..) {
            assert_eq!((policies.limit.in_flight(), backend.inside()), (0, 0), "dropped after {polls} polls");
        }
        assert_eq!(policies.breakers.get(&1_u64).state(), State::Closed);
        policies.chaos.reset();
    })
    .await;
    policies.chaos.disable();
    assert!(polls > 1, "{polls}");
}

/// Random calls side by side, some of them dropped: every place comes back, and every call is counted at most once.
#[tokio::test(start_paused = true)]
async fn the_books_balance_after_many_calls_of_which_some_are_dropped() {
    for seed in 1..=20 {
        let policies = Policies::new();
        policies.chaos.enable();
        let slow = |millis, then| Step::delay(Duration::from_millis(millis), then);
        let script = Script::steps()
            .ok(1)
            .step(slow(100, Step::ok(1)))
            .fail(Failure::Busy(SECOND))
            .step(slow(30, Step::fail(Failure::Wrong)))
            .step(slow(200, Step::fail(Failure::Down)));
        let backend = Backend::new(script.cycle());
        let service = policies.around(backend.clone());
        send_and_drop_some(service, 200, 30, 0x9E37_79B9 * seed).await;
        policies.chaos.disable();
        let Policies { limit, throttle, breakers, limiter, .. } = policies;
        assert_eq!((limit.in_flight(), backend.inside()), (0, 0), "seed {seed}");
        assert!(
            backend.most_inside() <= 4 && backend.calls() as u64 <= limit.admitted_count(),
            "seed {seed}"
        );
        // Each was let in by the limit, or refused, or is gone from the queue before it.
        assert!(limit.admitted_count() + limit.rejected_count() <= limiter.admitted_count(), "seed {seed}");
        let counted = breakers.success_count() + breakers.failure_count() + breakers.ignored_count();
        assert!(counted + breakers.rejected_count() <= 200, "seed {seed}");
        assert!(
            throttle.accepted_count() + throttle.rejected_count() <= limit.admitted_count(),
            "seed {seed}"
        );
    }
}
