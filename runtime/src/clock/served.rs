//! Blocking waits that a test serves.

use std::{cell::RefCell, fmt, marker::PhantomData, rc::Rc, time::Duration};

type Serve = Rc<dyn Fn(Duration)>;

thread_local! {
    static SERVE: RefCell<Vec<Serve>> = const { RefCell::new(Vec::new()) };
}

/// Lets `serve` make the time pass that a policy waits on this thread, until what this gives is dropped: under a paused
/// runtime, whose clock stands still while its thread is blocked. `mainstay::testing` uses it.
#[must_use = "waits are served until this is dropped"]
pub fn serve_blocking_waits(serve: impl Fn(Duration) + 'static) -> Serving {
    SERVE.with_borrow_mut(|all| all.push(Rc::new(serve)));
    Serving { _not_send: PhantomData }
}

/// See [`serve_blocking_waits`].
pub struct Serving {
    _not_send: PhantomData<*const ()>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _served = SERVE.with_borrow_mut(Vec::pop);
    }
}

impl fmt::Debug for Serving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Serving")
    }
}

/// Lets the time pass, if somebody sees to that on this thread; whether somebody does.
pub(super) fn pass(duration: Duration) -> bool {
    let serve = SERVE.try_with(|all| all.borrow().last().cloned()).ok().flatten();
    serve.map(|serve| serve(duration)).is_some()
}
