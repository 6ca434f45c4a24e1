//! A closure: it takes the error, then any arguments by their names, or simply uses them.

use mainstay::fallback;

use crate::support::*;

#[fallback(|_| Ok(1))]
async fn constant() -> Answer {
    Err(Failure::Reset)
}
#[fallback(|_| Ok(1))]
fn constant_sync() -> Answer {
    Err(Failure::Reset)
}

#[fallback(|error| match error {
    Failure::Status(code) => Ok(u32::from(code)),
    other => Err(other),
})]
async fn by_error(failure: &Failure) -> Answer {
    Err(failure.clone())
}
#[fallback(|error: Failure| if let Failure::Status(code) = error { Ok(u32::from(code)) } else { Err(error) })]
fn by_error_sync(failure: &Failure) -> Answer {
    Err(failure.clone())
}

#[fallback(|_, second| Ok(second.len() as u32))]
async fn one_by_name(first: &str, second: &str) -> Answer {
    let _ = (first, second);
    Err(Failure::Reset)
}
#[fallback(|_, second, first| Ok((second.len() * 10 + first.len()) as u32))]
fn any_order_sync(first: &str, second: &str) -> Answer {
    let _ = (first, second);
    Err(Failure::Reset)
}

struct Shop {
    offset: u32,
}

impl Shop {
    #[fallback(|_| Ok(first.len() as u32 + self.offset))]
    async fn captured(&self, first: String) -> Answer {
        Err(Failure::Status(first.len() as u16))
    }

    #[fallback(|_, names| { self.offset += 1; Ok(names.len() as u32 + self.offset) })]
    fn changes_self(&mut self, names: Vec<&str>) -> Answer {
        self.offset += names.len() as u32;
        Err(Failure::Reset)
    }
}

#[fallback(|error| async move {
    tokio::task::yield_now().await;
    if error == Failure::Reset { Ok(count) } else { Err(error) }
})]
async fn gives_a_future(failure: &Failure, count: u32) -> Answer {
    Err(failure.clone())
}

#[fallback(async |_, name| {
    tokio::task::yield_now().await;
    Ok(name.len() as u32)
})]
async fn async_closure(name: &str) -> Answer {
    let _ = name;
    Err(Failure::Reset)
}

#[tokio::test]
async fn it_may_leave_the_error_alone() {
    assert_eq!(constant().await, Ok(1));
    assert_eq!(constant_sync(), Ok(1));
}

#[tokio::test]
async fn it_may_look_at_the_error_and_give_it_back() {
    for failure in [Failure::Status(404), Failure::Declined] {
        let expected =
            if let Failure::Status(code) = failure { Ok(code.into()) } else { Err(failure.clone()) };
        assert_eq!(by_error(&failure).await, expected);
        assert_eq!(by_error_sync(&failure), expected);
    }
}

#[tokio::test]
async fn it_may_take_any_arguments_by_their_names_in_any_order() {
    assert_eq!(one_by_name("a", "bcd").await, Ok(3));
    assert_eq!(any_order_sync("a", "bcd"), Ok(31));
}

#[tokio::test]
async fn it_may_simply_use_the_arguments_and_the_receiver() {
    assert_eq!(Shop { offset: 40 }.captured("ab".into()).await, Ok(42));
    let mut shop = Shop { offset: 0 };
    assert_eq!(shop.changes_self(vec!["a", "b"]), Ok(5));
    assert_eq!(shop.offset, 3);
}

#[tokio::test]
async fn it_may_answer_with_a_future() {
    assert_eq!(gives_a_future(&Failure::Reset, 9).await, Ok(9));
    assert_eq!(gives_a_future(&Failure::Declined, 9).await, Err(Failure::Declined));
    assert_eq!(async_closure("abc").await, Ok(3));
}
