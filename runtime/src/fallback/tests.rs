use super::*;
use crate::{Error, Kind};

#[test]
fn an_error_that_is_not_covered_comes_back_as_it_is() {
    let fallback = Fallback::builder(|_: Error| Ok(0))
        .on(|error: &Error| error.kind() == Kind::TimedOut)
        .build("fallback.filtered")
        .unwrap();
    let open = Error::circuit_open("x", None);
    assert_eq!(fallback.call(|| Err(open.clone())), Err(open));
    assert_eq!(fallback.call(|| Err(Error::timed_out("x", std::time::Duration::ZERO))), Ok(0));
    assert_eq!(fallback.answered(), 1);
}

#[test]
fn its_own_error_comes_back_as_it_is() {
    let fallback =
        Fallback::builder(|error: &'static str| Err::<u32, _>(error)).build("fallback.fails").unwrap();
    assert_eq!(fallback.call(|| Err("down")), Err("down"));
}

#[tokio::test]
async fn an_async_fallback_is_awaited() {
    let fallback = Fallback::builder(|_: &'static str| async { Ok(7) }).build("fallback.async").unwrap();
    assert_eq!(fallback.call_async(|| async { Err("down") }).await, Ok(7));
    assert_eq!(fallback.call_async(|| async { Ok(1) }).await, Ok(1));
}
