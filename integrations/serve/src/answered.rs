use std::{
    pin::Pin,
    task::{Context, Poll},
};

use hyper::body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::house::Answering;

pin_project! {
    /// A body that counts as an answer under way until it has been sent.
    #[derive(Debug)]
    pub(crate) struct Answered<B> {
        #[pin]
        body: B,
        _answering: Answering,
    }
}

impl<B> Answered<B> {
    pub(crate) fn new(body: B, answering: Answering) -> Self {
        Self { body, _answering: answering }
    }
}

impl<B: Body> Body for Answered<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.project().body.poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
