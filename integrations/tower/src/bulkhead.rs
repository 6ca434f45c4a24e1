use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use mainstay_runtime::{
    Error, FromRefusal,
    bulkhead::{Bulkhead, BulkheadConfig, BulkheadPermit, Enter, Entry},
    glue,
};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::{named::named, step::Step};

/// Lets so many calls in at once: the layer of a [`Bulkhead`].
///
/// The place is taken in `poll_ready`, which waits for it in the queue if there is one, to the deadline around at most; then the
/// inner service is asked. The next call has the place until it ends; a service that is dropped gives it back, and so does a
/// clone that was never ready. Where no place is to be had `poll_ready` is ready, and the call is refused.
///
/// As with tower's own `ConcurrencyLimit`, a service that is ready and not called keeps a place from others: poll it when
/// there is a request.
#[derive(Debug, Clone, Copy)]
#[must_use = "a layer does something around a service"]
pub struct BulkheadLayer {
    bulkhead: &'static Bulkhead,
}

named!(BulkheadLayer, Bulkhead, BulkheadConfig, bulkhead, bulkheads, "bulkhead", |bulkhead| Self {
    bulkhead
});

impl<S> Layer<S> for BulkheadLayer {
    type Service = BulkheadService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        BulkheadService { inner, bulkhead: self.bulkhead, reserved: Reserved::Nothing }
    }
}

/// A service behind a bulkhead: see [`BulkheadLayer`].
pub struct BulkheadService<S> {
    inner: S,
    bulkhead: &'static Bulkhead,
    reserved: Reserved,
}

/// What was had in `poll_ready` for the next call.
#[derive(Debug)]
enum Reserved {
    Nothing,
    Queued(Pin<Box<Enter<'static>>>),
    Place(BulkheadPermit<'static>),
    Refusal(Error),
}

/// The clone shares the bulkhead. It has no place, and does not stand in the queue.
impl<S: Clone> Clone for BulkheadService<S> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), bulkhead: self.bulkhead, reserved: Reserved::Nothing }
    }
}

impl<S: fmt::Debug> fmt::Debug for BulkheadService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkheadService")
            .field("inner", &self.inner)
            .field("bulkhead", &self.bulkhead.name())
            .field("reserved", &self.reserved)
            .finish()
    }
}

impl<S> BulkheadService<S> {
    /// A place, or the refusal for the call to come.
    fn poll_reserved(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Reserved::Nothing = self.reserved {
            self.reserved = match self.bulkhead.enter_now() {
                Some(place) => Reserved::Place(place),
                None => Reserved::Queued(Box::pin(self.bulkhead.enter_until_async(None))),
            };
        }
        if let Reserved::Queued(enter) = &mut self.reserved {
            self.reserved = match ready!(enter.as_mut().poll(cx)) {
                Entry::Entered(place) => Reserved::Place(place),
                Entry::Refused(error) => Reserved::Refusal(error),
                Entry::Elapsed => Reserved::Refusal(glue::full(self.bulkhead)),
            };
        }
        Poll::Ready(())
    }
}

impl<S, Request> Service<Request> for BulkheadService<S>
where
    S: Service<Request>,
    S::Error: FromRefusal,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BulkheadFuture<S::Future, S::Error>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        ready!(self.poll_reserved(cx));
        match self.reserved {
            // There will be no call of it.
            Reserved::Refusal(_) => Poll::Ready(Ok(())),
            _ => self.inner.poll_ready(cx),
        }
    }

    #[inline]
    fn call(&mut self, request: Request) -> Self::Future {
        let entered = match mem::replace(&mut self.reserved, Reserved::Nothing) {
            Reserved::Place(place) => Ok(place),
            Reserved::Refusal(error) => Err(error),
            // Whoever calls without asking first gets a place that is free, and waits for none.
            Reserved::Nothing | Reserved::Queued(_) => self.bulkhead.try_enter(),
        };
        let step = match entered {
            Ok(place) => Step::running(place, self.inner.call(request)),
            Err(error) => Step::refused(S::Error::from_refusal(error)),
        };
        BulkheadFuture { step }
    }
}

pin_project! {
    /// A call in a place of its own: see [`BulkheadLayer`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct BulkheadFuture<F, E> {
        #[pin]
        step: Step<F, BulkheadPermit<'static>, E>,
    }
}

impl<F: Future<Output = Result<T, E>>, T, E> Future for BulkheadFuture<F, E> {
    type Output = Result<T, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().step.poll_step(cx).map(|(answer, _place)| answer)
    }
}
