use mainstay::{Error, idempotent};

use crate::support::{Memory, memory};

#[tokio::test(start_paused = true)]
async fn the_same_key_with_another_payload_is_refused() {
    #[idempotent("fingerprint.local", key = id, fingerprint(cents, to))]
    async fn pay(id: &str, cents: u64, to: &str, note: &str) -> Result<u64, Error> {
        let _ = (id, to, note);
        Ok(cents)
    }
    assert_eq!(pay("a", 5, "bob", "rent").await, Ok(5));
    assert_eq!(pay("a", 5, "bob", "another note").await, Ok(5), "what is not named is not compared");
    assert_eq!(pay("a", 6, "bob", "rent").await, Err(Error::key_reused("fingerprint.local", "a")));
    assert_eq!(pay("a", 5, "eve", "rent").await, Err(Error::key_reused("fingerprint.local", "a")));
    assert_eq!(pay("b", 6, "bob", "rent").await, Ok(6));
}

#[tokio::test(start_paused = true)]
async fn in_a_store_it_is_the_same_in_every_process() {
    let store = memory();
    #[idempotent("fingerprint.store", key = id, fingerprint(cents, to), store = store)]
    async fn pay(id: &str, cents: u64, to: &str, store: &Memory) -> Result<u64, Error> {
        let _ = (id, to, store);
        Ok(cents)
    }
    assert_eq!(pay("a", 5, "bob", &store).await, Ok(5));
    assert_eq!(pay("a", 5, "bob", &store).await, Ok(5));
    assert_eq!(pay("a", 6, "bob", &store).await, Err(Error::key_reused("fingerprint.store", "a")));
    // What another language computes: SHA-256 of the canonical JSON `[5,"bob"]`.
    let print = <mainstay_json::Json as mainstay::store::Encode<(u64, &str)>>::fingerprint(&(5, "bob"));
    assert_eq!(
        print.unwrap().to_string(),
        "3a97a33c08cabe37b7309dd1c140ab2070fb9ad5fa17ece9080ace8730ae25ac"
    );
}
