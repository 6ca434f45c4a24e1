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
