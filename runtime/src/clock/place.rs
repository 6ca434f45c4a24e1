//! What a delay points to.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{Instant, wait::Wait, wheel::Hold};

pin_project! {
    /// A place for one wait after the other.
    #[derive(Debug)]
    pub(super) struct Place {
        // Until when the wheel waits, and not `wait`. Beside it and no kind of it: to say so is one store, where a wait of
        // another kind would be moved in and dropped.
        coarse: Option<Instant>,
        // Its entry in the wheel, kept from one coarse wait to the next.
        hold: Option<Hold>,
        #[pin]
        wait: Wait,
    }
}

impl Place {
    pub(super) const fn new() -> Self {
        Self { coarse: None, hold: None, wait: Wait::Idle }
    }

    #[cfg(test)]
    pub(super) fn is_idle(&self) -> bool {
        matches!(self, Self { coarse: None, wait: Wait::Idle, .. })
    }

    /// Begins a wait.
    #[inline]
    pub(super) fn begin(self: Pin<&mut Self>, wait: Wait) {
        self.project().wait.set(wait);
    }

    /// Begins a wait in the wheel.
    #[inline]
    pub(super) fn begin_coarse(self: Pin<&mut Self>, at: Instant) {
        *self.project().coarse = Some(at);
    }

    /// Ends the wait, if there is one.
    #[inline]
    pub(super) fn end(self: Pin<&mut Self>) {
        if self.coarse.is_none() {
            return self.end_exact();
        }
        let this = self.project();
        *this.coarse = None;
        if let Some(hold) = this.hold {
            hold.cancel();
        }
    }

    /// Lets the waker go that is kept for the next wait in the wheel.
    pub(super) fn let_go(self: Pin<&mut Self>) {
        if let Some(hold) = self.project().hold {
            hold.let_go();
        }
    }

    #[inline(never)]
    fn end_exact(self: Pin<&mut Self>) {
        self.project().wait.set(Wait::Idle);
    }

    /// Whether the wait is over. `always`: also where the task has used up its share of this turn.
    #[inline]
    pub(super) fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>, always: bool) -> Poll<()> {
        if let Some(at) = self.coarse {
            let hold = self.as_mut().project().hold.get_or_insert_with(Hold::new);
            if let Ok(polled) = hold.poll(at, cx.waker()) {
                return polled;
            }
            self.as_mut().go_without_wheel(at);
        }
        self.project().wait.poll_exactly(cx, always)
    }

    /// No thread can be had for the wheel: some timer must serve.
    #[cold]
    fn go_without_wheel(mut self: Pin<&mut Self>, at: Instant) {
        self.as_mut().end();
        self.begin(Wait::until(at));
    }
}
