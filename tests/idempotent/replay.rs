use mainstay::{Error, idempotent, policies};

use crate::support::{Body, Memory, memory};

#[tokio::test(start_paused = true)]
async fn a_repeated_async_call_gets_what_the_first_one_gave() {
    static BODY: Body = Body::open();
    #[idempotent("replay.async", key = id)]
    async fn pay(id: &str) -> Result<String, Error> {
        Ok(format!("{id} receipt {}", BODY.run()))
    }
    assert_eq!(pay("a").await.unwrap(), "a receipt 1");
    assert_eq!(pay("a").await.unwrap(), "a receipt 1");
    assert_eq!(pay("b").await.unwrap(), "b receipt 2");
    let policy = policies().idempotency("replay.async").unwrap();
    assert_eq!((policy.run_count(), policy.replayed_count(), policy.len()), (2, 1, 2));
}

#[test]
fn a_repeated_sync_call_gets_what_the_first_one_gave() {
    static BODY: Body = Body::open();
    #[idempotent(key = (account, id))]
    fn pay(account: &str, id: u64) -> Result<u32, Error> {
        let _ = (account, id);
        Ok(BODY.run())
    }
    assert_eq!([pay("a", 1), pay("a", 1), pay("a", 2), pay("b", 1)].map(Result::unwrap), [1, 1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn through_a_store_it_is_the_same_for_async_calls() {
    static BODY: Body = Body::open();
    let store = memory();
    #[idempotent(key = id, store = store)]
    async fn pay(id: &str, store: &Memory) -> Result<String, Error> {
        let _ = store;
        Ok(format!("{id} receipt {}", BODY.run()))
    }
    assert_eq!(pay("a", &store).await.unwrap(), "a receipt 1");
    assert_eq!(pay("a", &store).await.unwrap(), "a receipt 1");
    assert_eq!(pay("b", &store).await.unwrap(), "b receipt 2");
    assert_eq!(store.len(), 2);
}

#[test]
fn through_a_store_it_is_the_same_for_sync_calls_outside_a_runtime() {
    static BODY: Body = Body::open();
    let store = memory();
    #[idempotent(key = id, store = store)]
    fn pay(id: &str, store: &Memory) -> Result<String, Error> {
        let _ = store;
        Ok(format!("{id} receipt {}", BODY.run()))
    }
    assert_eq!(pay("a", &store).unwrap(), "a receipt 1");
    assert_eq!(pay("a", &store).unwrap(), "a receipt 1");
    assert_eq!(store.len(), 1);
}

#[tokio::test]
async fn a_sync_call_on_the_only_thread_of_a_runtime_waits_for_its_store() {
    static BODY: Body = Body::open();
    let store = memory();
    #[idempotent(key = 7, store = store)]
    fn pay(store: &Memory) -> Result<u32, Error> {
        let _ = store;
        Ok(BODY.run())
    }
    assert_eq!((pay(&store).unwrap(), pay(&store).unwrap()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_name_that_two_functions_share_is_one_set_of_keys_and_another_type_is_no_answer() {
    #[idempotent("replay.shared", key = id)]
    async fn number(id: &str) -> Result<u32, Error> {
        let _ = id;
        Ok(7)
    }
    #[idempotent("replay.shared", key = id)]
    async fn same_type(id: &str) -> Result<u32, Error> {
        panic!("{id} is known")
    }
    #[idempotent("replay.shared", key = id)]
    async fn other_type(id: &str) -> Result<String, Error> {
        panic!("{id} is known")
    }
    assert_eq!(number("a").await, Ok(7));
    assert_eq!(same_type("a").await, Ok(7));
    assert_eq!(other_type("a").await, Err(Error::key_reused("replay.shared", "a")));
}

#[test]
fn a_value_that_nothing_but_the_body_can_name_is_kept_too() {
    static BODY: Body = Body::open();
    #[idempotent(key = id)]
    fn make<T: mainstay::store::ToKey + Clone + Send + Sync + 'static>(id: T) -> Result<Vec<T>, Error> {
        BODY.run();
        Ok(vec![id])
    }
    assert_eq!(make(String::from("a")).unwrap(), ["a"]);
    assert_eq!(make(String::from("a")).unwrap(), ["a"]);
    assert_eq!(BODY.runs(), 1);
}
