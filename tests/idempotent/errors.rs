use mainstay::{idempotent, timeout};

use crate::support::{Body, Memory, PayError, memory, ms};

fn failing(body: &Body, error: PayError) -> Result<u32, PayError> {
    body.run();
    Err(error)
}

#[test]
fn an_error_gives_the_key_back_whatever_its_class_unless_errors_are_kept() {
    static BODY: Body = Body::open();
    #[idempotent(key = 1)]
    fn call(error: PayError) -> Result<u32, PayError> {
        failing(&BODY, error)
    }
    assert_eq!(call(PayError::Away), Err(PayError::Away));
    assert_eq!(call(PayError::Declined), Err(PayError::Declined));
    assert_eq!(call(PayError::Declined), Err(PayError::Declined));
    assert_eq!(BODY.runs(), 3);
}

#[test]
fn permanent_errors_are_kept_where_errors_are_and_transient_ones_never() {
    static BODY: Body = Body::open();
    #[idempotent(key = 1, store_err)]
    fn call(error: PayError) -> Result<u32, PayError> {
        failing(&BODY, error)
    }
    assert_eq!(call(PayError::Away), Err(PayError::Away));
    assert_eq!(call(PayError::Declined), Err(PayError::Declined));
    assert_eq!(call(PayError::Away), Err(PayError::Declined), "what the call that completed gave");
    assert_eq!(BODY.runs(), 2);
}

#[tokio::test(start_paused = true)]
async fn in_a_store_it_is_the_same() {
    static BODY: Body = Body::open();
    let store = memory();
    #[idempotent(key = 1, store_err, store = store)]
    async fn call(error: PayError, store: &Memory) -> Result<u32, PayError> {
        let _ = store;
        failing(&BODY, error)
    }
    assert_eq!(call(PayError::Away, &store).await, Err(PayError::Away));
    assert!(store.is_empty());
    assert_eq!(call(PayError::Declined, &store).await, Err(PayError::Declined));
    assert_eq!(call(PayError::Away, &store).await, Err(PayError::Declined));
    assert_eq!(BODY.runs(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_by_a_policy_inside_is_never_kept() {
    static BODY: Body = Body::open();
    #[idempotent(key = 1, store_err)]
    #[timeout("1s")]
    async fn call(takes: u64) -> Result<u32, Permanent> {
        BODY.run();
        tokio::time::sleep(ms(takes)).await;
        Ok(7)
    }
    /// Whose every error is permanent.
    #[derive(Debug, Clone, PartialEq, mainstay::Classify)]
    #[permanent]
    struct Permanent(#[allow(dead_code)] mainstay::Error);
    impl From<mainstay::Error> for Permanent {
        fn from(error: mainstay::Error) -> Self {
            Self(error)
        }
    }
    assert!(call(2000).await.is_err());
    assert_eq!(call(0).await, Ok(7));
    assert_eq!(BODY.runs(), 2);
}
