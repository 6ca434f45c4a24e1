use mainstay::{Error, cache_evict, cached};

use crate::support::cache;

#[tokio::test]
async fn everything_under_the_name_goes() {
    #[cached("evict.all", ttl = "1m")]
    async fn by_id(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    #[cached("evict.all", ttl = "1m")]
    async fn by_name(name: &str) -> Result<u64, Error> {
        Ok(name.len() as u64)
    }
    #[cache_evict("evict.all", all)]
    async fn import() -> Result<(), Error> {
        Ok(())
    }
    assert_eq!((by_id(1).await, by_id(2).await, by_name("ada").await), (Ok(1), Ok(2), Ok(3)));
    assert_eq!(cache("evict.all").len(), 3);
    import().await.unwrap();
    assert!(cache("evict.all").is_empty());
}
