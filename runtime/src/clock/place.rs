//! What a delay points to.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{
    wait::{Wait, WaitProj},
    wheel::Hold,
};

pin_project! {
    /// A place for one wait after the other.
    #[derive(Debug)]
    pub(super) struct Place {
        #[pin]
        wait: Wait,
        // Its entry in the wheel, kept from one coarse wait to the next.
        hold: Option<Hold>,
    }
}

impl Place {
    pub(super) const fn new() -> Self {
        Self { wait: Wait::Idle, hold: None }
    }

    #[cfg(test)]
    pub(super) fn is_idle(&self) -> bool {
        matches!(self.wait, Wait::Idle)
    }

    /// Begins a wait.
    #[inline]
    pub(super) fn begin(self: Pin<&mut Self>, wait: Wait) {
        self.project().wait.set(wait);
    }

    /// Ends the wait, if there is one.
    #[inline]
    pub(super) fn end(self: Pin<&mut Self>) {
        let mut this = self.project();
        if let (Wait::Coarse { .. }, Some(hold)) = (&*this.wait, this.hold) {
            hold.cancel();
        }
        this.wait.set(Wait::Idle);
    }
}

impl Place {
    /// Whether the wait is over. `always`: also where the task has used up its share of this turn.
    #[inline]
    pub(super) fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>, always: bool) -> Poll<()> {
        let mut this = self.project();
        if let WaitProj::Coarse { at } = this.wait.as_mut().project() {
            let (at, hold) = (*at, this.hold.get_or_insert_with(Hold::new));
            if let Ok(polled) = hold.poll(at, cx.waker()) {
                return polled;
            }
            // No thread can be had for the wheel: some timer must serve.
            hold.cancel();
            this.wait.set(Wait::until(at));
        }
        this.wait.poll_exactly(cx, always)
    }
}
