//! A call's future is `Send` when the bare function's would be, and only then.

use std::{cell::Cell, rc::Rc, sync::Arc};

use mainstay::{bulkhead, circuit_breaker, fallback, rate_limit, retry, timeout};

use crate::support::*;

macro_rules! twins {
    ($bare:ident, $annotated:ident, ($($arg:ident: $ty:ty),*) $body:block) => {
        async fn $bare($($arg: $ty),*) -> Answer $body

        #[fallback(|_| Ok(1))]
        #[retry(initial_delay = "1ms")]
        #[circuit_breaker]
        #[rate_limit("100/s", max_wait = "1s")]
        #[bulkhead(10, max_wait = "1s")]
        #[timeout("1s")]
        async fn $annotated($($arg: $ty),*) -> Answer $body
    };
}

twins!(plain, plain_annotated, (n: u32) { tokio::task::yield_now().await; Ok(n) });
twins!(shares, shares_annotated, (n: Arc<u32>) { tokio::task::yield_now().await; Ok(*n) });
twins!(stays, stays_annotated, (n: Rc<u32>) { tokio::task::yield_now().await; Ok(*n) });
twins!(borrows_cell, borrows_cell_annotated, (n: &Cell<u32>) { tokio::task::yield_now().await; Ok(n.get()) });
twins!(holds_rc, holds_rc_annotated, (n: u32) {
    let held = Rc::new(n);
    tokio::task::yield_now().await;
    Ok(*held)
});

#[timeout("1s")]
async fn takes_a_cell(n: Cell<u32>) -> Answer {
    tokio::task::yield_now().await;
    Ok(n.get())
}

#[bulkhead(3)]
async fn drops_before_waiting(n: u32) -> Answer {
    let text = Rc::new(n).to_string();
    tokio::task::yield_now().await;
    Ok(text.len() as u32)
}

/// `true` for a `Send` type, by method resolution: the first impl that applies.
struct Ask<T>(std::marker::PhantomData<T>);
trait No {
    fn is_send(&self) -> bool {
        false
    }
}
impl<T> No for &Ask<T> {}
trait Yes {
    fn is_send(&self) -> bool {
        true
    }
}
impl<T: Send> Yes for Ask<T> {}

macro_rules! is_send {
    ($future:expr) => {{
        fn ask<F>(_: &F) -> Ask<F> {
            Ask(std::marker::PhantomData)
        }
        let future = $future;
        let ask = ask(&future);
        (&ask).is_send()
    }};
}

#[test]
fn a_future_of_sendable_things_is_send() {
    assert!(is_send!(plain(1)) && is_send!(plain_annotated(1)));
    assert!(is_send!(shares(1.into())) && is_send!(shares_annotated(1.into())));
    assert!(is_send!(drops_before_waiting(1)));
}

#[test]
fn a_future_that_owns_what_only_one_thread_may_look_at_is_send() {
    // `Cell` is `Send` but not `Sync`: the body must own it and not borrow it from the future around it.
    assert!(is_send!(takes_a_cell(Cell::new(1))));
}

/// An error that one thread at a time may look at.
#[derive(Debug)]
struct Unshared(Cell<u32>);

impl From<mainstay::Error> for Unshared {
    fn from(_: mainstay::Error) -> Self {
        Self(Cell::new(0))
    }
}

fn hook<T, E>(_: &mainstay::retry::NextAttempt<'_, T, E>) {}

#[fallback(Err)]
#[retry(initial_delay = "1ms", before_retry = hook, retry_if = |error| error.0.get() > 0)]
#[circuit_breaker]
#[bulkhead(3, max_wait = "1s")]
#[timeout("1s")]
async fn fails_unshared(n: u32) -> Result<u32, Unshared> {
    tokio::task::yield_now().await;
    Err(Unshared(Cell::new(n)))
}

#[tokio::test(start_paused = true)]
async fn an_error_need_not_be_sync() {
    assert!(is_send!(fails_unshared(1)));
    assert_eq!(tokio::spawn(fails_unshared(3)).await.unwrap().unwrap_err().0.get(), 3);
}

#[test]
fn a_future_that_must_stay_on_its_thread_is_not_send_and_works() {
    assert!(!is_send!(stays(1.into())) && !is_send!(stays_annotated(1.into())));
    assert!(!is_send!(holds_rc(1)) && !is_send!(holds_rc_annotated(1)));
    let cell = Cell::new(1);
    assert!(!is_send!(borrows_cell(&cell)) && !is_send!(borrows_cell_annotated(&cell)));
}

#[tokio::test(start_paused = true)]
async fn both_kinds_give_their_answers() {
    assert_eq!(tokio::spawn(plain_annotated(3)).await.unwrap(), Ok(3));
    assert_eq!(tokio::spawn(shares_annotated(3.into())).await.unwrap(), Ok(3));
    assert_eq!(tokio::spawn(takes_a_cell(Cell::new(3))).await.unwrap(), Ok(3));
    assert_eq!(stays_annotated(3.into()).await, Ok(3));
    assert_eq!(holds_rc_annotated(3).await, Ok(3));
    assert_eq!(borrows_cell_annotated(&Cell::new(3)).await, Ok(3));
    assert_eq!(plain(3).await, Ok(3));
    assert_eq!(shares(3.into()).await.and(stays(3.into()).await).and(holds_rc(3).await), Ok(3));
    assert_eq!(borrows_cell(&Cell::new(3)).await, Ok(3));
    assert_eq!(drops_before_waiting(3).await, Ok(1));
}

type Text = Result<&'static str, &'static str>;

async fn later(_: &'static str) -> Text {
    Ok("later")
}

#[fallback(|_| Ok("at once"))]
#[fallback(later, on(&"later"))]
#[fallback(|_| async { Ok("in a while") }, on(&"in a while"))]
#[retry(initial_delay = "1ms", before_retry = |_| tokio::task::yield_now(), retry_ok_if = |text| text.is_empty())]
#[circuit_breaker(failure_threshold = 100, map_err = |_| "refused")]
#[rate_limit("100/s", max_wait = "1s")]
#[bulkhead(3, max_wait = "1s")]
#[timeout("1s")]
async fn speaks(error: &'static str) -> Text {
    tokio::task::yield_now().await;
    Err(error)
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_borrows_for_ever_can_go_to_another_thread() {
    for error in ["in a while", "later", "at once"] {
        assert_eq!(tokio::spawn(speaks(error)).await.unwrap(), Ok(error));
    }
}
