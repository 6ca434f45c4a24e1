use mainstay::{Error, cache_evict, cached, retry};

use crate::support::{Runs, cache, down};

#[tokio::test]
async fn a_call_that_succeeds_evicts_its_key_and_no_other() {
    static RUNS: Runs = Runs::new();
    #[cached("evict.key", ttl = "1m")]
    async fn get(id: u64) -> Result<u32, Error> {
        let _ = id;
        Ok(RUNS.next())
    }
    #[cache_evict("evict.key", key = id)]
    async fn set(id: u64, fails: bool) -> Result<(), Error> {
        let _ = id;
        tokio::task::yield_now().await;
        if fails { Err(down()) } else { Ok(()) }
    }
    assert_eq!((get(1).await, get(2).await), (Ok(1), Ok(2)));
    assert_eq!(set(1, true).await, Err(down()));
    assert_eq!((get(1).await, get(2).await), (Ok(1), Ok(2)));
    assert_eq!(set(1, false).await, Ok(()));
    assert_eq!((get(1).await, get(2).await), (Ok(3), Ok(2)));
}

#[test]
fn the_key_is_taken_before_the_body_has_the_arguments() {
    #[cached("evict.consumed", ttl = "1m")]
    fn get(name: &str) -> Result<usize, Error> {
        Ok(name.len())
    }
    #[cache_evict("evict.consumed", key = name)]
    fn consume(name: String) -> Result<String, Error> {
        let moved = name;
        Ok(moved)
    }
    assert_eq!((get("ada"), get("ada")), (Ok(3), Ok(3)));
    consume("ada".to_owned()).unwrap();
    assert!(cache("evict.consumed").is_empty());
}

#[test]
fn one_key_goes_from_caches_of_every_type_of_value_under_the_name() {
    #[cached("evict.types", ttl = "1m")]
    fn name(id: u64) -> Result<String, Error> {
        Ok(id.to_string())
    }
    #[cached("evict.types", ttl = "1m")]
    fn age(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    #[cache_evict("evict.types", key = id)]
    fn forget(id: u64) -> Result<(), Error> {
        let _ = id;
        Ok(())
    }
    assert_eq!((name(1).as_deref(), age(1), age(2)), (Ok("1"), Ok(1), Ok(2)));
    forget(1).unwrap();
    assert_eq!(cache("evict.types").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn several_caches_are_evicted_from_by_one_function_under_a_retry() {
    static RUNS: Runs = Runs::new();
    #[cached("evict.first", ttl = "1m")]
    async fn first(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    #[cached("evict.second", ttl = "1m")]
    async fn second(id: u64, page: u32) -> Result<u64, Error> {
        Ok(id + u64::from(page))
    }
    #[cache_evict("evict.first", key = id)]
    #[cache_evict("evict.second", key = (id, 0_u32))]
    #[retry(max_attempts = 2)]
    async fn set(id: u64) -> Result<u32, Error> {
        let _ = id;
        match RUNS.next() {
            1 => Err(down()),
            run => Ok(run),
        }
    }
    assert_eq!((first(1).await, second(1, 0).await, second(1, 1).await), (Ok(1), Ok(1), Ok(2)));
    assert_eq!(set(1).await, Ok(2));
    assert_eq!((cache("evict.first").len(), cache("evict.second").len()), (0, 1));
}
