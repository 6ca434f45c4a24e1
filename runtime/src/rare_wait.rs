//! Waits that nearly no call has.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use crate::let_go::quietly;

/// A wait that is there in case overrides ask for one that the code does not have.
///
/// It is in a box, so that the futures of calls that do not wait have no room for it but a word. What drops it is a call, see
/// `let_go`.
pub struct RareWait<'a, T>(Option<Boxed<'a, T>>);

/// In two boxes: a pointer of one word is given up in fewer steps.
type Boxed<'a, T> = Box<Pin<Box<dyn Future<Output = T> + Send + 'a>>>;

impl<'a, T> RareWait<'a, T> {
    #[cold]
    pub(crate) fn new(wait: impl Future<Output = T> + Send + 'a) -> Self {
        Self(Some(Box::new(Box::pin(wait))))
    }
}

impl<T> Future for RareWait<'_, T> {
    type Output = T;

    #[cold]
    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        match &mut self.0 {
            Some(wait) => wait.as_mut().as_mut().poll(cx),
            None => Poll::Pending,
        }
    }
}

impl<T> Drop for RareWait<'_, T> {
    #[inline]
    fn drop(&mut self) {
        give_up(self.0.take());
    }
}

#[inline(never)]
#[allow(improper_ctypes_definitions, reason = "it is called from here alone")]
extern "C" fn give_up<T>(wait: Option<Boxed<'_, T>>) {
    quietly(|| drop(wait));
}
