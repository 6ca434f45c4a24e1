use mainstay::{Error, Kind, idempotent};

use crate::support::{Body, Memory, PayError, memory};

#[tokio::test(start_paused = true)]
async fn a_duplicate_can_be_an_error_that_carries_what_the_first_call_gave() {
    #[idempotent("duplicate.local", key = id, on_duplicate = error)]
    async fn call(id: &str) -> Result<String, Error> {
        Ok(format!("{id}'s receipt"))
    }
    assert_eq!(call("a").await.unwrap(), "a's receipt");
    let error = call("a").await.unwrap_err();
    assert_eq!((error.kind(), error.policy()), (Kind::Duplicate, "duplicate.local"));
    assert_eq!(error.stored::<String>().unwrap(), "a's receipt");
    let Error::Duplicate { call, .. } = &error else { panic!("{error:?}") };
    assert_eq!((call.key(), error.key()), ("a", Some("a")));
    assert_eq!(error.to_string(), "`duplicate.local` has already completed a call under the key \"a\"");
}

#[tokio::test(start_paused = true)]
async fn so_it_does_from_a_store() {
    let store = memory();
    #[idempotent(key = id, on_duplicate = error, store = store)]
    async fn call(id: &str, store: &Memory) -> Result<String, Error> {
        let _ = store;
        Ok(format!("{id}'s receipt"))
    }
    assert_eq!(call("a", &store).await.unwrap(), "a's receipt");
    assert_eq!(call("a", &store).await.unwrap_err().stored::<String>().unwrap(), "a's receipt");
}

#[test]
fn a_kept_error_is_carried_too() {
    static BODY: Body = Body::open();
    #[idempotent(key = 1, on_duplicate = error, store_err, map_err = kept)]
    fn call() -> Result<u32, PayError> {
        BODY.run();
        Err(PayError::Declined)
    }
    fn kept(error: Error) -> PayError {
        match error.stored::<PayError>() {
            Some(kept) => PayError::Policy(format!("was {kept:?}")),
            None => error.into(),
        }
    }
    assert_eq!(call(), Err(PayError::Declined));
    assert_eq!(call(), Err(PayError::Policy("was Declined".to_owned())));
    assert_eq!(BODY.runs(), 1);
}
