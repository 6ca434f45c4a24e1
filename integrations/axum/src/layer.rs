use std::{
    future::Future,
    pin::Pin,
    task::{self, Poll},
};

use http::{Request, Response};
use mainstay_runtime::{
    context::{self, InContextExt},
    trace,
};
use tower_layer::Layer;
use tower_service::Service;

use crate::{Headers, HeadersMut};

/// Runs each request in the context and under the span that its headers bring, and answers with its ids.
///
/// Ids that are missing or [not permitted](mainstay_runtime::context::Id) are made. The handler finds the
/// [`Context`](mainstay_runtime::context::Context) among the request's extensions too. Put it on the outside, so that other layers run within.
#[derive(Debug, Clone, Copy, Default)]
pub struct ContextLayer {
    is_silent: bool,
}

impl ContextLayer {
    /// For services that anybody calls: takes what comes, and answers with `x-correlation-id` and `x-request-id`.
    pub const fn new() -> Self {
        Self { is_silent: false }
    }

    /// Answers without the ids.
    #[must_use]
    pub const fn silent(mut self) -> Self {
        self.is_silent = true;
        self
    }
}

impl<S> Layer<S> for ContextLayer {
    type Service = InContext<S>;

    fn layer(&self, inner: S) -> InContext<S> {
        InContext { inner, answers: !self.is_silent }
    }
}

/// What [`ContextLayer`] makes of a service.
#[derive(Debug, Clone)]
pub struct InContext<S> {
    inner: S,
    answers: bool,
}

impl<S, B, R> Service<Request<B>> for InContext<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let headers = Headers(request.headers());
        let (context, incoming) = (context::extract(&headers), trace::extract(&headers));
        request.extensions_mut().insert(context.clone());
        // Some services do their work before they give a future.
        let answer = context.scope(|| {
            let _attached = incoming.attach();
            self.inner.call(request)
        });
        let answers = self.answers.then(|| context.clone());
        let within = incoming.around(answer.in_context(context));
        Box::pin(async move {
            let mut answer = within.await?;
            if let Some(context) = answers {
                context.inject(&mut HeadersMut(answer.headers_mut()));
            }
            Ok(answer)
        })
    }
}
