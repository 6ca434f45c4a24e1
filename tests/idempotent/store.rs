use std::sync::{Arc, LazyLock};

use mainstay::{
    Error, idempotent,
    idempotent::{IdempotencyStore, MemoryStore},
};
use mainstay_json::Json;

use crate::support::Body;

#[tokio::test(start_paused = true)]
async fn a_store_may_be_static_shared_or_chosen_at_start() {
    static BODY: Body = Body::open();
    static STORE: LazyLock<MemoryStore<Json>> = LazyLock::new(|| MemoryStore::new(10));

    #[idempotent("store.kinds", key = 1, store = &*STORE)]
    async fn of_a_static() -> Result<u32, Error> {
        Ok(BODY.run())
    }
    fn chosen() -> Arc<dyn IdempotencyStore<Codec = Json>> {
        static CHOSEN: LazyLock<Arc<dyn IdempotencyStore<Codec = Json>>> =
            LazyLock::new(|| Arc::new(MemoryStore::new(10)));
        Arc::clone(&CHOSEN)
    }
    #[idempotent("store.kinds", key = 1, store = chosen())]
    async fn chosen_at_start() -> Result<u32, Error> {
        Ok(BODY.run())
    }
    struct Service {
        store: Arc<dyn IdempotencyStore<Codec = Json>>,
    }
    impl Service {
        #[idempotent("store.kinds", key = id, store = self.store)]
        async fn of_self(&mut self, id: u32) -> Result<u32, Error> {
            let _ = id;
            Ok(BODY.run())
        }
    }
    let mut service = Service { store: chosen() };
    assert_eq!((of_a_static().await, of_a_static().await), (Ok(1), Ok(1)));
    assert_eq!((chosen_at_start().await, chosen_at_start().await), (Ok(2), Ok(2)));
    assert_eq!((service.of_self(1).await, service.of_self(2).await), (Ok(2), Ok(3)));
}

#[tokio::test(start_paused = true)]
async fn functions_that_share_a_store_share_no_keys_unless_they_share_a_name() {
    static STORE: LazyLock<MemoryStore<Json>> = LazyLock::new(|| MemoryStore::new(10));

    #[idempotent("store.one", key = id, store = &*STORE)]
    async fn one(id: u32) -> Result<u32, Error> {
        Ok(id + 1)
    }
    #[idempotent("store.two", key = id, store = &*STORE)]
    async fn two(id: u32) -> Result<String, Error> {
        Ok(format!("{id} and two"))
    }
    #[idempotent("store.one", key = id, store = &*STORE)]
    async fn one_again(id: u32) -> Result<u32, Error> {
        Ok(id + 100)
    }
    assert_eq!(
        (one(1).await, two(1).await.unwrap(), one_again(1).await),
        (Ok(2), "1 and two".to_owned(), Ok(2))
    );
}
