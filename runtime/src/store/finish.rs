use std::{
    future::Future,
    pin::Pin,
    task::{Context, Waker},
};

use super::io;
use crate::{context::InContextExt, deadline::Carry};

/// Runs `future` to its end, beside the caller: as far as it goes at once here, and what is left of it on the thread of
/// [`io`]. For what has to be done when a call is dropped.
pub(crate) fn finish(future: impl Future<Output = ()> + Send + 'static) {
    // Not within the deadline of the call, which may have passed.
    let future = future.in_current_context().carrying(Carry::Only(None));
    let mut future: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(future);
    let Ok(io) = io() else { return };
    let polled = {
        let _inside = io.enter();
        future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    };
    if polled.is_pending() {
        io.spawn(future);
    }
}
