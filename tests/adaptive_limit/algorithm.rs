use mainstay::{adaptive_limit, adaptive_limit::AdaptiveLimit};

use crate::support::{Answer, ms, of};

#[adaptive_limit("algorithm.aimd", algorithm = aimd, initial = 4, backoff_ratio = 0.5, latency_threshold = "20ms")]
async fn call(takes: u64) -> Answer {
    tokio::time::sleep(ms(takes)).await;
    Ok(1)
}

/// Calls one after another by the fours until a window is over.
async fn window(takes: u64) {
    for _ in 0..12 {
        let _ = tokio::join!(call(takes), call(takes), call(takes), call(takes));
    }
}

#[tokio::test(start_paused = true)]
async fn aimd_adds_one_where_calls_are_fast_and_falls_by_the_ratio_where_they_are_slow() {
    let limit: &AdaptiveLimit = of("algorithm.aimd");
    window(20).await;
    let risen = limit.limit();
    assert!(risen > 4, "{limit:?}");
    window(21).await;
    assert!(limit.limit() <= risen / 2 + 1, "{limit:?} after {risen}");
    assert_eq!(limit.baseline(), ms(0));
}

#[test]
fn the_options_are_listed_by_name() {
    let all = mainstay::policies().all();
    let listed = all.iter().find(|listed| listed.name() == "algorithm.aimd").unwrap();
    let options = listed.policy().options();
    for (name, value) in
        [("algorithm", "aimd"), ("backoff_ratio", "0.5"), ("latency_threshold", "20ms"), ("max", "1000")]
    {
        assert!(options.contains(&(name.to_owned(), value.to_owned())), "{name} in {options:?}");
    }
}
