//! Delays that follow the latencies, and budgets.

use mainstay::{budget::Budget, hedge, policies};

use crate::support::{Answer, Upstream, ms, ok};

async fn times(count: u32, takes: u64, call: impl AsyncFn(&Upstream) -> Answer) {
    for _ in 0..count {
        call(&Upstream::new(&[(takes, ok)])).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_percentile_is_believed_after_its_warm_up() {
    #[hedge("after.warm_up", after = "p90", warm_up = 20, safe)]
    async fn call(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    let hedge = policies().hedge("after.warm_up").unwrap();
    times(19, 40, call).await;
    let upstream = Upstream::new(&[(5000, ok)]);
    call(&upstream).await.unwrap();
    assert_eq!((upstream.begun(), hedge.hedges()), (1, 0));
    // Nineteen took 40 ms and one 5 s.
    let after = hedge.after().unwrap();
    assert!(after >= ms(40) && after <= ms(41), "{after:?}");
    let upstream = Upstream::new(&[(5000, ok), (1, ok)]);
    assert_eq!(call(&upstream).await, Ok(1));
    hedge.reset();
    assert_eq!(hedge.after(), None);
}

#[tokio::test(start_paused = true)]
async fn a_percentile_is_never_below_its_floor() {
    #[hedge("after.floor", after = "p50", min_after = "20ms", warm_up = 1, safe)]
    async fn call(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    times(5, 0, call).await;
    assert_eq!(policies().hedge("after.floor").unwrap().after(), Some(ms(20)));
}

#[tokio::test(start_paused = true)]
async fn a_primary_that_is_overtaken_counts_with_the_time_it_had_taken() {
    #[hedge("after.overtaken", after = "p50", warm_up = 10, safe, budget = 1.0)]
    async fn call(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    times(10, 10, call).await;
    let hedge = policies().hedge("after.overtaken").unwrap();
    // If they did not count, the median would stay at 10 ms for ever, however slow the primaries became.
    for _ in 0..200 {
        call(&Upstream::new(&[(500, ok), (100, ok)])).await.unwrap();
    }
    assert!(hedge.after().unwrap() > ms(100), "{:?}", hedge.after());
}

#[tokio::test(start_paused = true)]
async fn failures_do_not_count() {
    #[hedge("after.failures", after = "p50", warm_up = 1, safe)]
    async fn call(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    for _ in 0..5 {
        call(&Upstream::new(&[(1, crate::support::reset)])).await.unwrap_err();
    }
    assert_eq!(policies().hedge("after.failures").unwrap().after(), None);
}

#[tokio::test(start_paused = true)]
async fn where_the_budget_is_used_up_the_primary_is_waited_for() {
    #[hedge("after.budget", after = "10ms", safe, budget = "after.shared")]
    async fn call(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    let budget = Budget::builder().ratio(0.1).floor(0.0).register("after.shared").unwrap();
    for _ in 0..40 {
        call(&Upstream::new(&[(20, ok), (1, ok)])).await.unwrap();
    }
    let hedge = policies().hedge("after.budget").unwrap();
    assert_eq!((hedge.hedges(), hedge.out_of_budget(), budget.first_calls()), (4, 36, 40));
}

#[tokio::test(start_paused = true)]
async fn without_a_budget_a_tenth_of_the_calls_and_one_a_second_are_hedged() {
    #[hedge("after.own", after = "10ms", safe)]
    async fn call(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    for _ in 0..100 {
        call(&Upstream::new(&[(20, ok)])).await.unwrap();
    }
    // In two seconds: ten for the window, and a tenth.
    let hedges = policies().hedge("after.own").unwrap().hedges();
    assert_eq!(hedges, 20);
}
