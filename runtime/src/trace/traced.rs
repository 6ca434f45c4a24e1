use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{call::Call, ending::Ends};

pin_project! {
    /// A future with the span of its call around each poll.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Traced<F, E> {
        #[pin]
        future: F,
        // After the future: it ends when that is gone.
        call: Call,
        ending: E,
    }

    impl<F, E> PinnedDrop for Traced<F, E> {
        fn drop(this: Pin<&mut Self>) {
            let call = this.project().call;
            if !call.is_off() {
                call.enter_to_drop();
            }
        }
    }
}

/// Runs `future` in the span of the call, which `ending` tells how it ended.
#[inline]
pub const fn traced<F: Future, N: Ends, E: Fn(&F::Output) -> N>(
    call: Call,
    future: F,
    ending: E,
) -> Traced<F, E> {
    Traced { future, call, ending }
}

impl<F: Future, N: Ends, E: Fn(&F::Output) -> N> Future for Traced<F, E> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let entered = this.call.enter();
        let poll = this.future.poll(cx);
        entered.leave();
        if !this.call.is_off()
            && let Poll::Ready(output) = &poll
        {
            this.call.end(|| (this.ending)(output));
        }
        poll
    }
}
