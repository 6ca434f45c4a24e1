use std::{
    future::{Future, poll_fn},
    ops::Deref,
    pin::pin,
    task::Poll,
};

use tokio::sync::{Notify, Semaphore};

use super::amount::Amount;
use crate::{
    clock::{self, Instant},
    sync::{AtomicU32, AtomicU64, Ordering},
};

/// Those who wait for tokens, in the order of arrival.
///
/// All stand before one turnstile; whoever is through it is the head and waits for the clock. Nobody has taken any
/// tokens before they are there, so whoever gives up leaves nothing behind.
#[derive(Debug)]
pub(super) struct Queue {
    turnstile: Semaphore,
    changed: Notify,
    tokens: AtomicU64,
    waiters: AtomicU32,
}

impl Queue {
    pub(super) const fn new() -> Self {
        Self {
            turnstile: Semaphore::const_new(1),
            changed: Notify::const_new(),
            tokens: AtomicU64::new(0),
            waiters: AtomicU32::new(0),
        }
    }

    /// What those in the queue want together, in millionths of a token.
    #[inline]
    pub(super) fn ahead(&self) -> u64 {
        self.tokens.load(Ordering::Acquire)
    }

    pub(super) fn waiters(&self) -> u32 {
        self.waiters.load(Ordering::Acquire)
    }

    /// Tells the head that the limit is not what it was.
    pub(super) fn wake(&self) {
        self.changed.notify_waiters();
    }
}

/// A place in the queue, given back when dropped.
#[derive(Debug)]
pub(super) struct Place<Q: Deref<Target = Queue>> {
    queue: Q,
    amount: Amount,
}

impl<Q: Deref<Target = Queue>> Place<Q> {
    /// The last place, and what those before it want. `None` if they want more than can be counted.
    pub(super) fn take(queue: Q, amount: Amount) -> Option<(Self, u64)> {
        let add = |tokens: u64| tokens.checked_add(amount.0);
        let ahead = queue.tokens.fetch_update(Ordering::AcqRel, Ordering::Acquire, add).ok()?;
        queue.waiters.fetch_add(1, Ordering::AcqRel);
        Some((Self { queue, amount }, ahead))
    }

    /// Waits to be the head and then runs `take` until it is done or `limit` makes it vain.
    pub(super) async fn wait<T>(
        &self,
        limit: Option<Instant>,
        take: impl Fn(Instant) -> Result<T, Instant>,
    ) -> Option<T> {
        let through = self.queue.turnstile.acquire();
        let _head = match limit {
            None => through.await.ok(),
            Some(limit) => first_of(through, clock::sleep_until(limit + GRACE)).await?.ok(),
        };
        loop {
            let changed = self.queue.changed.notified();
            match take(Instant::ZERO) {
                Ok(done) => return Some(done),
                Err(due) if limit.is_some_and(|limit| due > limit) => return None,
                Err(due) => first_of(changed, clock::sleep_until(due)).await,
            };
        }
    }

    /// The same on a blocked thread.
    pub(super) fn wait_blocking<T>(
        &self,
        limit: Option<Instant>,
        take: impl Fn(Instant) -> Result<T, Instant>,
    ) -> Option<T> {
        let through = self.queue.turnstile.acquire();
        let _head = clock::block_on(through, limit.map(|limit| limit + GRACE))?.ok();
        // What the clock must show after all this sleep, even if it is a paused runtime's that stands still meanwhile.
        let mut slept_until = Instant::ZERO;
        loop {
            match take(slept_until) {
                Ok(done) => return Some(done),
                Err(due) if limit.is_some_and(|limit| due > limit) => return None,
                Err(due) => {
                    let now = clock::now().max(slept_until);
                    // In slices, so that a change of the rate is noticed.
                    slept_until = due.min(now + SLICE);
                    clock::sleep_blocking(slept_until.saturating_since(now));
                }
            }
        }
    }
}

/// How much later than promised the turnstile may be reached: timers are no finer than a millisecond.
const GRACE: std::time::Duration = std::time::Duration::from_millis(1);
/// How long a blocked thread sleeps before it looks at what may have changed.
pub(super) const SLICE: std::time::Duration = std::time::Duration::from_millis(100);

impl<Q: Deref<Target = Queue>> Drop for Place<Q> {
    fn drop(&mut self) {
        self.queue.tokens.fetch_sub(self.amount.0, Ordering::AcqRel);
        self.queue.waiters.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What `preferred` gives, or `None` once `other` is ready and it is not.
pub(super) async fn first_of<P: Future, O: Future>(preferred: P, other: O) -> Option<P::Output> {
    let (mut preferred, mut other) = (pin!(preferred), pin!(other));
    poll_fn(|cx| {
        if let Poll::Ready(output) = preferred.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        other.as_mut().poll(cx).map(|_| None)
    })
    .await
}
