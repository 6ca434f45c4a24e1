//! The scopes that a thread is in.

use std::{cell::RefCell, marker::PhantomData};

thread_local! {
    static CURRENT: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Whether this thread is in the scope of that number.
pub(super) fn is_in(scope: u64) -> bool {
    CURRENT.try_with(|scopes| scopes.borrow().contains(&scope)).unwrap_or(false)
}

/// Puts this thread into a scope until it is dropped.
pub(super) struct Entered {
    scope: u64,
    _not_send: PhantomData<*const ()>,
}

impl Entered {
    pub(super) fn new(scope: u64) -> Self {
        CURRENT.with_borrow_mut(|scopes| scopes.push(scope));
        Self { scope, _not_send: PhantomData }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let _ = CURRENT.try_with(|scopes| {
            let mut scopes = scopes.borrow_mut();
            if let Some(last) = scopes.iter().rposition(|scope| *scope == self.scope) {
                scopes.remove(last);
            }
        });
    }
}

thread_local! {
    static MUTED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether what happens on this thread is a scope's own doing.
pub(super) fn is_muted() -> bool {
    MUTED.get()
}

/// Does something that is no part of what happened.
pub(super) fn muted<T>(operation: impl FnOnce() -> T) -> T {
    let before = MUTED.replace(true);
    let output = operation();
    MUTED.set(before);
    output
}
