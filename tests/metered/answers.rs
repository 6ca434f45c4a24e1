use mainstay::{Classify, metered, metered::Outcome, policies};

use crate::support::assert_scraped;

#[derive(Debug, Classify)]
enum PayError {
    #[permanent]
    Declined,
    #[throttled]
    Busy,
    Odd,
}

impl From<mainstay::Error> for PayError {
    fn from(_: mainstay::Error) -> Self {
        Self::Odd
    }
}

#[tokio::test]
async fn errors_are_counted_by_their_class() {
    #[metered("answers.classes")]
    async fn pay(answer: Result<u32, PayError>) -> Result<u32, PayError> {
        answer
    }
    pay(Ok(1)).await.unwrap();
    pay(Err(PayError::Declined)).await.unwrap_err();
    pay(Err(PayError::Busy)).await.unwrap_err();
    pay(Err(PayError::Odd)).await.unwrap_err();
    assert_scraped(
        "answers.classes",
        &[
            "calls_total{@,outcome=\"ok\"} 1",
            "calls_total{@,outcome=\"error\"} 3",
            "errors_total{@,error_type=\"permanent\"} 1",
            "errors_total{@,error_type=\"throttled\"} 1",
            "errors_total{@,error_type=\"transient\"} 1",
            "duration_seconds_count{@} 4",
        ],
    );
}

/// An answer that is no `Result` and does not show it.
#[derive(Debug, PartialEq)]
struct Receipt(u32);
type Alias = Result<Receipt, PayError>;

#[test]
fn functions_that_return_no_result_are_metered_too() {
    #[metered("answers.plain")]
    fn plain(n: u32) -> u32 {
        n + 1
    }
    #[metered("answers.plain")]
    fn receipt(n: u32) -> Receipt {
        Receipt(n)
    }
    #[metered("answers.plain")]
    fn nothing() {}
    #[metered("answers.plain")]
    fn opaque() -> impl Iterator<Item = u32> {
        0..3
    }
    #[metered("answers.plain")]
    fn generic<T>(value: T) -> T {
        value
    }
    nothing();
    assert_eq!((plain(1), receipt(2), opaque().count(), generic("x")), (2, Receipt(2), 3, "x"));
    assert_eq!(policies().metered("answers.plain").unwrap().count(Outcome::Ok), 5);
}

#[test]
fn an_alias_of_a_result_is_a_result() {
    #[metered("answers.alias")]
    fn aliased(ok: bool) -> Alias {
        if ok { Ok(Receipt(1)) } else { Err(PayError::Odd) }
    }
    aliased(true).unwrap();
    aliased(false).unwrap_err();
    assert_scraped(
        "answers.alias",
        &["calls_total{@,outcome=\"ok\"} 1", "calls_total{@,outcome=\"error\"} 1"],
    );
}

#[tokio::test]
async fn a_question_mark_and_an_early_return_are_ends_like_any() {
    #[metered("answers.early")]
    async fn early(n: u32) -> Result<u32, anyhow::Error> {
        if n == 0 {
            return Ok(0);
        }
        let n: u32 = "x".repeat(n as usize).parse()?;
        Ok(n)
    }
    early(0).await.unwrap();
    early(1).await.unwrap_err();
    assert_scraped(
        "answers.early",
        &["calls_total{@,outcome=\"ok\"} 1", "calls_total{@,outcome=\"error\"} 1"],
    );
}

#[tokio::test]
async fn methods_and_boxed_futures_are_metered() {
    struct Till(u32);
    impl Till {
        #[metered("answers.methods")]
        async fn take(&mut self, n: u32) -> Result<u32, PayError> {
            self.0 += n;
            Ok(self.0)
        }
        #[metered("answers.methods")]
        fn later(&self) -> impl Future<Output = Result<u32, PayError>> + '_ {
            async move { Ok(self.0) }
        }
    }
    #[async_trait::async_trait]
    trait Count {
        async fn count(&self) -> Result<u32, PayError>;
    }
    #[async_trait::async_trait]
    impl Count for Till {
        #[metered("answers.methods")]
        async fn count(&self) -> Result<u32, PayError> {
            Ok(self.0)
        }
    }
    let mut till = Till(1);
    till.take(2).await.unwrap();
    assert_eq!((till.later().await.unwrap(), till.count().await.unwrap()), (3, 3));
    assert_eq!(policies().metered("answers.methods").unwrap().count(Outcome::Ok), 3);
}
