use std::{fmt::Debug, future::Future, pin::Pin};

use mainstay::{Error, chaos, timeout};

use crate::support::on;

#[tokio::test]
async fn functions_that_make_futures_fail_when_they_are_awaited() {
    #[chaos("forms.made", error_rate = 1.0)]
    fn made(id: &u64) -> impl Future<Output = Result<u64, Error>> + Send {
        let id = *id;
        async move { Ok(id) }
    }
    #[timeout("2s")]
    #[chaos("forms.boxed", error_rate = 1.0)]
    fn boxed(id: u64) -> Pin<Box<dyn Future<Output = Result<u64, Error>> + Send>> {
        Box::pin(async move { Ok(id) })
    }
    #[chaos("forms.late", after, error_rate = 1.0)]
    fn late(id: u64) -> impl Future<Output = Result<u64, Error>> {
        async move { Ok(id) }
    }
    assert_eq!((made(&1).await, boxed(2).await, late(3).await), (Ok(1), Ok(2), Ok(3)));
    let _on = (on("forms.made"), on("forms.boxed"), on("forms.late"));
    assert!(made(&1).await.is_err() && boxed(2).await.is_err() && late(3).await.is_err());
}

#[tokio::test]
async fn generic_functions_and_methods_of_traits_have_it() {
    #[chaos("forms.generic", error_rate = 1.0)]
    async fn generic<T: Debug + Send, E: From<Error>>(value: T) -> Result<T, E> {
        Ok(value)
    }
    #[async_trait::async_trait]
    trait Store {
        async fn get(&self, id: u64) -> Result<u64, Error>;
    }
    struct Memory;
    #[async_trait::async_trait]
    impl Store for Memory {
        #[chaos("forms.trait", error_rate = 1.0)]
        async fn get(&self, id: u64) -> Result<u64, Error> {
            Ok(id)
        }
    }
    let _on = (on("forms.generic"), on("forms.trait"));
    assert!(generic::<_, Error>("text").await.is_err());
    assert!(Memory.get(1).await.is_err());
}

#[tokio::test]
async fn the_future_is_send() {
    #[chaos("forms.send", latency = "1ms", latency_rate = 1.0)]
    async fn call(name: String) -> Result<usize, Error> {
        Ok(name.len())
    }
    let _on = on("forms.send");
    assert_eq!(tokio::spawn(call("four".into())).await.unwrap(), Ok(4));
}

#[test]
fn a_body_with_early_returns_and_question_marks_is_as_it_was() {
    #[chaos("forms.returns")]
    fn call(text: &str) -> Result<u32, Box<dyn std::error::Error>> {
        if text.is_empty() {
            return Ok(0);
        }
        let number: u32 = text.parse()?;
        Ok(number)
    }
    let _on = on("forms.returns");
    assert_eq!((call("").unwrap(), call("7").unwrap()), (0, 7));
    assert!(call("x").is_err());
}
