use mainstay::{Error, cached};

use crate::support::{Runs, cache, s};

#[tokio::test(start_paused = true)]
async fn answers_that_came_together_go_one_by_one() {
    #[cached("jitter.default", ttl = "10s")]
    async fn get(id: u32) -> Result<u32, Error> {
        Ok(id)
    }
    #[cached("jitter.half", ttl = "10s", jitter = 0.5)]
    async fn half(id: u32) -> Result<u32, Error> {
        Ok(id)
    }
    for id in 0..500 {
        assert_eq!((get(id).await, half(id).await), (Ok(id), Ok(id)));
    }
    let left = |name| (0..500_u32).filter(|id| cache(name).get::<_, u32>(id).is_some()).count();
    tokio::time::advance(s(9) - std::time::Duration::from_nanos(1)).await;
    assert_eq!(left("jitter.default"), 500);
    assert!((50..200).contains(&left("jitter.half")), "{}", left("jitter.half"));
    tokio::time::advance(s(1) / 2).await;
    assert!((125..375).contains(&left("jitter.default")), "{}", left("jitter.default"));
    tokio::time::advance(s(1)).await;
    assert_eq!((left("jitter.default"), left("jitter.half")), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn none_of_it_leaves_every_answer_its_time() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = "10s", jitter = none)]
    async fn get(id: u32) -> Result<u32, Error> {
        let _ = id;
        Ok(RUNS.next())
    }
    for id in 0..100 {
        get(id).await.unwrap();
    }
    tokio::time::advance(s(10) - std::time::Duration::from_nanos(1)).await;
    for id in 0..100 {
        get(id).await.unwrap();
    }
    assert_eq!(RUNS.count(), 100);
}
