#![allow(
    clippy::multiple_bound_locations,
    reason = "`pin_project!` takes `?Sized` and other bounds in two places only"
)]

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use pin_project_lite::pin_project;

use super::{StoreClaim, StoreKey};
use crate::{
    clock::{self, Delay, Instant},
    idempotent::{IdempotencyStore, Token},
    observe::{Event, report},
    store::{BoxFuture, StoreError, StoreRef},
};

pin_project! {
    /// A call whose lease is renewed while it runs. Nothing is begun before the call has to wait.
    ///
    /// It is renewed by the task that runs the call, between two of its steps: a call that blocks its thread for as long as
    /// the lease loses it.
    pub struct Renewing<'c, F, S: ?Sized>
    where
        S: IdempotencyStore,
    {
        #[pin]
        call: F,
        // None where the call runs without a record.
        claim: Option<LeaseHolder<'c, S>>,
    }
}

struct LeaseHolder<'c, S: ?Sized + IdempotencyStore> {
    store: StoreRef<S>,
    key: StoreKey,
    policy: &'c str,
    token: Token,
    lease: Duration,
    lease_ends: &'c mut Instant,
    step: Step,
}

enum Step {
    Idle,
    Pausing(Delay),
    Asking {
        since: Instant,
        answer: BoxFuture<'static, Result<bool, StoreError>>,
    },
    /// Another call has taken over. This one goes on; its completion will be refused.
    Lost,
}

impl<'c, F: Future, S: ?Sized + IdempotencyStore> Renewing<'c, F, S> {
    /// Runs `call`, renewing the lease of its claim if it has one.
    pub fn new(claim: Option<&'c mut StoreClaim<'_, S>>, call: F) -> Self {
        let claim = claim.map(|claim| LeaseHolder {
            store: claim.store.clone(),
            key: claim.key.clone(),
            policy: claim.policy.name(),
            token: claim.token,
            lease: claim.config.lease_or_default(),
            lease_ends: &mut claim.lease_ends,
            step: Step::Idle,
        });
        Self { call, claim }
    }
}

impl<F: Future, S: ?Sized + IdempotencyStore> Future for Renewing<'_, F, S> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let output = this.call.poll(cx);
        if output.is_pending()
            && let Some(claim) = this.claim
        {
            claim.keep(cx);
        }
        output
    }
}

impl<S: ?Sized + IdempotencyStore> LeaseHolder<'_, S> {
    fn keep(&mut self, cx: &mut Context<'_>) {
        loop {
            match &mut self.step {
                Step::Idle => self.step = Step::Pausing(clock::sleep(self.lease / 3)),
                Step::Pausing(delay) => {
                    if Pin::new(delay).poll(cx).is_pending() {
                        return;
                    }
                    self.step = Step::Asking { since: clock::now(), answer: self.ask() };
                }
                Step::Asking { since, answer } => match answer.as_mut().poll(cx) {
                    Poll::Pending => return,
                    Poll::Ready(Ok(true)) => {
                        *self.lease_ends = *since + self.lease;
                        self.step = Step::Idle;
                    }
                    Poll::Ready(Ok(false)) => self.step = Step::Lost,
                    Poll::Ready(Err(error)) => {
                        report(&Event::StoreFailed { policy: self.policy, error: &error });
                        self.step = Step::Pausing(clock::sleep(self.lease / 10));
                    }
                },
                Step::Lost => return,
            }
        }
    }

    fn ask(&self) -> BoxFuture<'static, Result<bool, StoreError>> {
        let (store, key, token, lease) = (self.store.clone(), self.key.clone(), self.token, self.lease);
        Box::pin(async move { store.renew(&key, token, lease).await })
    }
}
