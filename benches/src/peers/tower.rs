//! tower's own layers. Each thread has a clone of the service for itself, which spares it a clone per call.
//!
//! There is no breaker among them, and the rate limit cannot be shared: below a retry it does not even compile.

use std::{future, sync::Arc, task::Poll, time::Duration};

use ::tower::{
    BoxError, Service, ServiceBuilder, ServiceExt,
    retry::{
        Policy,
        backoff::{Backoff, ExponentialBackoff, ExponentialBackoffMaker, MakeBackoff},
        budget::{Budget, TpsBudget},
    },
    service_fn,
    util::rng::HasherRng,
};

use crate::{
    row::Row,
    work::{Error, now, until_it_waits, work_async, work_later},
};

const WHO: &str = "tower";
const LIMIT: Duration = Duration::from_secs(10);

/// As many attempts as ours, and tower's own backoff between them.
#[derive(Clone)]
struct Attempts {
    left: u32,
    backoff: ExponentialBackoff,
}

impl Attempts {
    fn three() -> Self {
        let (least, most) = (Duration::from_secs(1), Duration::from_secs(60));
        let maker = ExponentialBackoffMaker::new(least, most, 1.0, HasherRng::default());
        Self { left: 2, backoff: maker.expect("a sound configuration").make_backoff() }
    }
}

impl<E> Policy<u64, u64, E> for Attempts {
    type Future = <ExponentialBackoff as Backoff>::Future;

    fn retry(&mut self, _: &mut u64, answer: &mut Result<u64, E>) -> Option<Self::Future> {
        if answer.is_ok() {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        Some(self.backoff.next_backoff())
    }

    fn clone_request(&mut self, request: &u64) -> Option<u64> {
        Some(*request)
    }
}

/// The same under a budget, as tower's documentation has it.
#[derive(Clone)]
struct Budgeted {
    attempts: Attempts,
    budget: Arc<TpsBudget>,
}

impl<E> Policy<u64, u64, E> for Budgeted {
    type Future = <ExponentialBackoff as Backoff>::Future;

    fn retry(&mut self, request: &mut u64, answer: &mut Result<u64, E>) -> Option<Self::Future> {
        if answer.is_ok() {
            self.budget.deposit();
            return None;
        }
        if self.budget.withdraw() { self.attempts.retry(request, answer) } else { None }
    }

    fn clone_request(&mut self, request: &u64) -> Option<u64> {
        Some(*request)
    }
}

/// tower boxes the errors of its layers.
fn ours(error: BoxError) -> Error {
    error.downcast().map_or(Error(2), |error| *error)
}

fn row<S>(who: &'static str, service: S) -> Row
where
    S: Service<u64, Response = u64, Error: Into<BoxError>> + Clone + Send + Sync + 'static,
{
    Row::per_thread(who, move |_| {
        let mut service = service.clone();
        move || {
            now(async {
                match service.ready().await {
                    Ok(ready) => ready.call(1).await.map_err(|error| ours(error.into())),
                    Err(error) => Err(ours(error.into())),
                }
            })
        }
    })
}

pub fn first_try() -> Row {
    row(WHO, ServiceBuilder::new().retry(Attempts::three()).service(service_fn(work_async)))
}

pub fn first_try_under_a_budget() -> Row {
    let policy = Budgeted { attempts: Attempts::three(), budget: Arc::new(TpsBudget::default()) };
    row(WHO, ServiceBuilder::new().retry(policy).service(service_fn(work_async)))
}

pub fn until_the_wait() -> Row {
    let service = ServiceBuilder::new().retry(Attempts::three()).service(service_fn(work_async));
    Row::per_thread(WHO, move |_| {
        let mut service = service.clone();
        move || {
            until_it_waits(async {
                let ready = service.ready().await?;
                ready.call(0).await
            });
        }
    })
}

pub fn at_once() -> Row {
    row(WHO, ServiceBuilder::new().timeout(LIMIT).service(service_fn(work_async)))
}

pub fn pending_once() -> Row {
    let service = ServiceBuilder::new().timeout(LIMIT).service(service_fn(work_later));
    Row::awaited_among_timers(WHO, move || service.clone().oneshot(1))
}

pub fn pending_once_alone() -> Row {
    let service = ServiceBuilder::new().timeout(LIMIT).service(service_fn(work_later));
    Row::awaited(WHO, move || service.clone().oneshot(1))
}

pub fn places() -> Row {
    row(WHO, ServiceBuilder::new().load_shed().concurrency_limit(10).service(service_fn(work_async)))
}

pub fn waiting_places() -> Row {
    row(WHO, ServiceBuilder::new().concurrency_limit(10).service(service_fn(work_async)))
}

pub fn three() -> Row {
    let layers =
        ServiceBuilder::new().retry(Attempts::three()).load_shed().concurrency_limit(10).timeout(LIMIT);
    row(WHO, layers.service(service_fn(work_async)))
}

pub fn rate_limit() -> Row {
    Row::per_thread("tower, not shared", |_| {
        let layers = ServiceBuilder::new().rate_limit(1_000_000_000, Duration::from_secs(1));
        let mut service = layers.service(service_fn(work_async));
        move || {
            now(future::poll_fn(|context| match service.poll_ready(context) {
                Poll::Ready(_) => Poll::Ready(()),
                Poll::Pending => Poll::Pending,
            }));
            now(service.call(1))
        }
    })
    .aside()
}
