use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Response;
use mainstay_http::{Ending, ErrorType};
use mainstay_runtime::trace::Span;
use pin_project_lite::pin_project;

use crate::{measured::Measured, told::Told};

pin_project! {
    /// The answer to an observed request.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Respond<F> {
        #[pin]
        future: F,
        // After the future: it ends when that is gone.
        ending: Ending<Measured>,
        told: Told,
    }
}

impl<F> Respond<F> {
    pub(crate) const fn new(future: F, span: Span, measured: Measured, told: Told) -> Self {
        Self { future, ending: Ending::new(span, measured), told }
    }
}

impl<F, B, E> Future for Respond<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (future, ending) = (this.future, this.ending);
        let mut answer = ready!(ending.within(|| future.poll(cx)));
        match &mut answer {
            Ok(response) => {
                this.told.add_to(response.headers_mut());
                let status = response.status();
                ending.end(Some(status), status.is_server_error().then_some(ErrorType::Status(status)));
            }
            Err(_) => ending.end(None, Some(ErrorType::Named("_OTHER"))),
        }
        Poll::Ready(answer)
    }
}
