//! A call that is dropped at whatever await gives everything back.

use std::time::Duration;

use mainstay::{
    bulkhead::Bulkhead,
    circuit_breaker::{CircuitBreaker, State},
    metered::Metered,
    rate_limit::{Rate, RateLimiter},
    retry::{Jitter, Retry},
    timeout::Timeout,
    tower::*,
};
use mainstay_testkit::{Script, Step, Stepper, drop_at_every_await};
use tower::{Service, ServiceBuilder, ServiceExt};

use crate::support::{Backend, Failure, SECOND, name, send_and_drop_some};

struct Policies {
    bulkhead: &'static Bulkhead,
    limiter: &'static RateLimiter,
    breaker: &'static CircuitBreaker,
    metered: &'static Metered,
    retry: &'static Retry,
    timeout: &'static Timeout,
}

impl Policies {
    fn new() -> Self {
        let name = name("cancel");
        let breaker = CircuitBreaker::builder().failure_threshold(1000);
        let retry = Retry::builder().max_attempts(3).initial_delay(SECOND).jitter(Jitter::None);
        Self {
            bulkhead: Bulkhead::builder(1).max_queue(10).register(name.clone()).unwrap(),
            limiter: RateLimiter::builder(Rate::per_second(1))
                .max_wait(60 * SECOND)
                .register(name.clone())
                .unwrap(),
            breaker: breaker.register(name.clone()).unwrap(),
            metered: Metered::builder().register(name.clone()).unwrap(),
            retry: retry.register(name.clone()).unwrap(),
            timeout: Timeout::builder(60 * SECOND).register(name).unwrap(),
        }
    }

    fn around(&self, backend: Backend) -> impl Service<u64, Response = u64, Error = Failure> + Clone + use<> {
        ServiceBuilder::new()
            .layer(MeteredLayer::of(self.metered))
            .layer(RetryLayer::of(self.retry))
            .layer(CircuitBreakerLayer::of(self.breaker))
            .layer(RateLimitLayer::of(self.limiter))
            .layer(BulkheadLayer::of(self.bulkhead))
            .layer(TimeoutLayer::of(self.timeout))
            .service(backend)
    }

    fn check(&self, backend: &Backend, polls: usize) {
        let held = (self.bulkhead.in_flight(), self.bulkhead.waiting(), self.limiter.waiting());
        assert_eq!(held, (0, 0, 0), "dropped after {polls} polls");
        assert_eq!((backend.inside(), self.metered.in_flight()), (0, 0), "dropped after {polls} polls");
        assert_eq!(self.breaker.state(), State::Closed);
    }
}

#[tokio::test(start_paused = true)]
async fn no_permit_is_lost_by_a_call_that_is_dropped_anywhere() {
    let policies = Policies::new();
    let backends = std::cell::RefCell::new(Vec::new());
    let make = || {
        let slow = Step::delay(SECOND, Step::fail(Failure::Down));
        let backend = Backend::new(Script::steps().times(2, slow).forever(Step::delay(SECOND, Step::ok(7))));
        backends.borrow_mut().push(backend.clone());
        policies.around(backend).oneshot(1)
    };
    let polls = drop_at_every_await(SECOND / 2, make, |polls| {
        for backend in backends.borrow_mut().drain(..) {
            policies.check(&backend, polls);
        }
    })
    .await;
    assert!(polls > 5, "{polls}");
}

#[tokio::test(start_paused = true)]
async fn no_permit_is_lost_by_one_that_is_dropped_in_a_queue() {
    let policies = Policies::new();
    let backend = Backend::always(Step::delay(SECOND, Step::ok(7)));
    // Somebody is inside, and stays.
    let inside = policies.bulkhead.try_enter().unwrap();
    for polls in 1..4 {
        let mut call = Stepper::new(policies.around(backend.clone()).oneshot(1));
        for _ in 0..polls {
            assert!(call.poll().is_pending());
        }
        assert_eq!(policies.bulkhead.waiting(), 1);
        drop(call);
        assert_eq!(policies.bulkhead.waiting(), 0);
    }
    // Handed a place, and dropped before it is polled.
    let mut call = Stepper::new(policies.around(backend.clone()).oneshot(1));
    assert!(call.poll().is_pending());
    drop(inside);
    assert!(call.was_woken());
    drop(call);
    policies.check(&backend, 1);
}

/// Random calls side by side, some of them dropped.
#[tokio::test(start_paused = true)]
async fn the_books_balance_after_many_calls_of_which_some_are_dropped() {
    let name = name("books");
    let bulkhead = Bulkhead::builder(4).max_queue(8).max_wait(SECOND).register(name.clone()).unwrap();
    let metered = Metered::builder().register(name.clone()).unwrap();
    let limiter =
        RateLimiter::builder(Rate::per_second(200)).max_wait(SECOND).register(name.clone()).unwrap();
    let retry =
        Retry::builder().max_attempts(2).initial_delay(Duration::from_millis(50)).register(name).unwrap();
    let slow = |millis, then| Step::delay(Duration::from_millis(millis), then);
    let script = Script::steps()
        .ok(1)
        .step(slow(100, Step::ok(1)))
        .fail(Failure::Down)
        .step(slow(30, Step::fail(Failure::Wrong)))
        .step(slow(200, Step::fail(Failure::Down)));
    let backend = Backend::new(script.cycle());
    let service = ServiceBuilder::new()
        .layer(MeteredLayer::of(metered))
        .layer(RetryLayer::of(retry))
        .layer(RateLimitLayer::of(limiter))
        .layer(BulkheadLayer::of(bulkhead))
        .service(backend.clone());
    send_and_drop_some(service, 600, 12, 7).await;
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting(), limiter.waiting()), (0, 0, 0));
    assert_eq!((metered.in_flight(), backend.inside()), (0, 0));
    assert!(backend.most_inside() <= 4 && backend.calls() as u64 == bulkhead.admitted_count());
}
