use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use mainstay_runtime::clock::ManualClock;

use super::current::{self, Entered};

/// A future that is in a scope, whoever polls it. See [`Scope::carry`](super::Scope::carry).
#[must_use = "futures do nothing unless they are awaited"]
pub struct Carried<F> {
    scope: u64,
    clock: Option<ManualClock>,
    /// There until this is dropped.
    future: Option<Pin<Box<F>>>,
}

impl<F> Carried<F> {
    pub(super) fn new(scope: u64, clock: Option<ManualClock>, future: F) -> Self {
        Self { scope, clock, future: Some(Box::pin(future)) }
    }

    /// Runs `operation` in the scope.
    fn inside<T>(&mut self, operation: impl FnOnce(&mut Option<Pin<Box<F>>>) -> T) -> T {
        // The scope's own thread is in it, and follows its clock, already.
        let is_new = !current::is_in(self.scope);
        let _entered = is_new.then(|| Entered::new(self.scope));
        let _installed = self.clock.as_ref().filter(|_| is_new).map(ManualClock::install);
        operation(&mut self.future)
    }
}

impl<F: Future> Future for Carried<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.inside(|future| match future {
            Some(future) => future.as_mut().poll(cx),
            None => Poll::Pending,
        })
    }
}

impl<F> Drop for Carried<F> {
    // What a future does when it is dropped, it does in its scope too.
    fn drop(&mut self) {
        self.inside(|future| drop(future.take()));
    }
}

impl<F> fmt::Debug for Carried<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carried").field("scope", &self.scope).finish_non_exhaustive()
    }
}
