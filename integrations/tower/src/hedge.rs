use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use mainstay_runtime::{
    classify::Class,
    glue,
    hedge::{Hedge, HedgeConfig, Hedged, Outcome},
};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::{ByClass, Classes, answer::classified, named::named};

/// Makes another attempt beside one that takes long: the layer of a [`Hedge`].
///
/// **For requests only that may be answered twice**: reads, and what the other side recognises when it comes again. The
/// attribute asks for `safe` or `#[idempotent]`; a layer cannot see what a request does, and takes it on your word.
///
/// The first attempt is made by the service that was ready. For another the service and the request are cloned, and the
/// clone is called when it is ready. An attempt that fails with a permanent error is the answer; after any other failure
/// those that run are waited for.
#[derive(Debug, Clone, Copy)]
#[must_use = "a layer does something around a service"]
pub struct HedgeLayer<C = ByClass> {
    hedge: &'static Hedge,
    classes: C,
}

named!(HedgeLayer, Hedge, HedgeConfig, hedge, hedges, "hedge", |hedge| Self { hedge, classes: ByClass });
classified!(HedgeLayer { hedge });

impl<S, C: Clone> Layer<S> for HedgeLayer<C> {
    type Service = HedgeService<S, C>;

    fn layer(&self, inner: S) -> Self::Service {
        HedgeService { inner, layer: self.clone() }
    }
}

/// A service whose slow calls are made twice: see [`HedgeLayer`].
#[derive(Debug, Clone)]
pub struct HedgeService<S, C = ByClass> {
    inner: S,
    layer: HedgeLayer<C>,
}

/// Makes the attempt of a number.
type Make<S, Request> = Box<dyn FnMut(u32) -> Attempt<S, Request> + Send>;
/// Says what an answer means.
type Judge<T, E> = Box<dyn FnMut(&Result<T, E>) -> Outcome + Send>;

impl<S, C, Request> Service<Request> for HedgeService<S, C>
where
    S: Service<Request> + Clone + Send + 'static,
    S::Future: Send,
    Request: Clone + Send + 'static,
    C: Classes<S::Response, S::Error> + Clone + Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = HedgeFuture<S, Request>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let mut first = Some(self.inner.call(request.clone()));
        let service = self.inner.clone();
        let make: Make<S, Request> = Box::new(move |_| match first.take() {
            Some(future) => Attempt { state: State::Calling { future } },
            None => Attempt { state: State::Due { held: Some((service.clone(), request.clone())) } },
        });
        let classes = self.layer.classes.clone();
        let judge: Judge<S::Response, S::Error> = Box::new(move |answer| match classes.class(answer) {
            None => Outcome::Success,
            Some(Class::Permanent) => Outcome::Final,
            Some(_) => Outcome::Failure,
        });
        HedgeFuture { hedged: glue::hedged(self.layer.hedge, make, judge) }
    }
}

pin_project! {
    /// A call with others beside it: see [`HedgeLayer`].
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct HedgeFuture<S, Request>
    where
        S: Service<Request>,
    {
        #[pin]
        hedged: Hedged<'static, Make<S, Request>, Judge<S::Response, S::Error>, Attempt<S, Request>>,
    }
}

impl<S: Service<Request>, Request> Future for HedgeFuture<S, Request> {
    type Output = Result<S::Response, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().hedged.poll(cx)
    }
}

impl<S: Service<Request>, Request> fmt::Debug for HedgeFuture<S, Request> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HedgeFuture").finish_non_exhaustive()
    }
}

pin_project! {
    /// One attempt of a hedged call: it waits for its service to be ready, and calls it.
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Attempt<S, Request>
    where
        S: Service<Request>,
    {
        #[pin]
        state: State<S, S::Future, Request>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<S, F, Request> {
        Due { held: Option<(S, Request)> },
        Calling { #[pin] future: F },
    }
}

impl<S: Service<Request>, Request> Future for Attempt<S, Request> {
    type Output = Result<S::Response, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        loop {
            match state.as_mut().project() {
                StateProj::Calling { future } => return future.poll(cx),
                StateProj::Due { held } => {
                    let Some((service, _)) = held else { return Poll::Pending };
                    if let Err(error) = ready!(service.poll_ready(cx)) {
                        return Poll::Ready(Err(error));
                    }
                    let Some((mut service, request)) = held.take() else { return Poll::Pending };
                    state.set(State::Calling { future: service.call(request) });
                }
            }
        }
    }
}

impl<S: Service<Request>, Request> fmt::Debug for Attempt<S, Request> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").finish_non_exhaustive()
    }
}
