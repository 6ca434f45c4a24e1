use std::{
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use crate::{
    clock::{self, Delay},
    let_go::quietly,
};

/// The wait between two attempts. Most calls have none, so dropping it is a call and nothing more, see `let_go`.
#[derive(Debug)]
#[must_use = "a pause is made when it is awaited"]
pub struct Pause(Delay);

/// As [`clock::sleep`].
#[inline]
pub fn sleep(duration: Duration) -> Pause {
    Pause(clock::sleep(duration))
}

impl Future for Pause {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.0).poll(cx)
    }
}

impl Drop for Pause {
    #[inline]
    fn drop(&mut self) {
        end(mem::replace(&mut self.0, Delay::UNSET));
    }
}

#[inline(never)]
#[allow(improper_ctypes_definitions, reason = "it is called from here alone")]
extern "C" fn end(delay: Delay) {
    quietly(|| drop(delay));
}
