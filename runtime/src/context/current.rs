use std::{cell::RefCell, mem};

use super::{Context, Id};

thread_local! {
    static CURRENT: RefCell<Option<Context>> = const { RefCell::new(None) };
}

/// The context that is current here.
///
/// Allocates nothing. `None` outside of every scope, and while its thread ends.
#[inline]
pub fn current() -> Option<Context> {
    with(Clone::clone)
}

/// The correlation id that is current here.
pub fn correlation_id() -> Option<Id> {
    with(|context| context.correlation_id().clone())
}

/// The request id that is current here.
pub fn request_id() -> Option<Id> {
    with(|context| context.request_id().clone())
}

/// Only for `read`s of our own, which run no code of others while the context is lent.
fn with<T>(read: impl FnOnce(&Context) -> T) -> Option<T> {
    CURRENT.try_with(|current| current.borrow().as_ref().map(read)).ok().flatten()
}

fn swap(with: &mut Option<Context>) {
    let _ = CURRENT.try_with(|current| mem::swap(&mut *current.borrow_mut(), with));
}

/// Keeps the context of another place on this thread, and that of this thread in the other place.
pub(super) struct Entered<'c>(&'c mut Option<Context>);

impl<'c> Entered<'c> {
    #[inline]
    pub(super) fn new(context: &'c mut Option<Context>) -> Self {
        swap(context);
        Self(context)
    }
}

impl Drop for Entered<'_> {
    #[inline]
    fn drop(&mut self) {
        swap(self.0);
    }
}
