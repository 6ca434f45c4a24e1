use std::{collections::BTreeMap, time::Instant};

use mainstay_redis::RedisStore;
use mainstay_runtime::{
    cached::CacheStore,
    idempotent::{IdempotencyStore, Reserved},
    rate_limit::{Algorithm, Rate, RateLimitConfig, RateLimitStore, Take},
};
use mainstay_testkit::servers::RedisServer;

use crate::at_hand::{Client, LONG, claim, reserve, store_on};

/// The commands that clients have sent since the server was asked last. What scripts call counts as well, so only what
/// came over a connection is looked at.
async fn sent(client: &mut Client) -> BTreeMap<String, u64> {
    let stats: String = client.ask(&["INFO", "commandstats"]).await;
    let _: () = client.ask(&["CONFIG", "RESETSTAT"]).await;
    let lines = stats.lines().filter_map(|line| line.strip_prefix("cmdstat_"));
    let counts = lines.filter_map(|line| {
        let (name, rest) = line.split_once(":calls=")?;
        let (calls, _) = rest.split_once(',')?;
        Some((name.to_owned(), calls.parse().ok()?))
    });
    let ours = ["evalsha", "eval", "multi", "exec", "set", "unlink", "scan", "script|load"];
    counts.filter(|(name, _)| ours.contains(&name.as_str())).collect()
}

fn evalsha(times: u64) -> BTreeMap<String, u64> {
    BTreeMap::from([("evalsha".to_owned(), times)])
}

#[tokio::test]
async fn every_step_is_one_round_trip() {
    let server = RedisServer::start().unwrap();
    let store = store_on(&server, "app");
    let mut client = Client::of(&server).await;
    let limits = [Algorithm::TokenBucket, Algorithm::SlidingWindow, Algorithm::FixedWindow]
        .map(|algorithm| RateLimitConfig::new(Rate::per_hour(10)).algorithm(algorithm));
    // The first use of each script is when the server gets to know it.
    for round in 0..2 {
        let (key, other) = (format!("k{round}"), format!("other{round}"));
        sent(&mut client).await;
        let mut steps = Vec::new();
        let token = claim(&store, &key).await;
        steps.push(("reserve", sent(&mut client).await));
        assert!(store.renew(&key, token, LONG).await.unwrap());
        steps.push(("renew", sent(&mut client).await));
        assert!(store.complete(&key, token, b"done", LONG).await.unwrap());
        steps.push(("complete", sent(&mut client).await));
        assert!(matches!(reserve(&store, &key).await, Reserved::Completed { .. }));
        steps.push(("replay", sent(&mut client).await));
        let token = claim(&store, &other).await;
        sent(&mut client).await;
        assert!(store.release(&other, token).await.unwrap());
        steps.push(("release", sent(&mut client).await));
        for config in &limits {
            assert!(store.take(Take { key: &key, config, tokens: 1.0 }).await.unwrap().allowed);
            steps.push(("take", sent(&mut client).await));
        }
        assert!(!store.remove(&key).await.unwrap());
        let mut removal = sent(&mut client).await;
        removal.remove("unlink"); // the script's own
        steps.push(("remove", removal));
        if round == 1 {
            for (step, sent) in steps.iter().map(|(step, sent)| (step, sent.get("evalsha"))) {
                assert_eq!(sent, Some(&1), "{step}");
            }
            for (step, sent) in steps {
                let others = sent.keys().filter(|name| !["evalsha", "set"].contains(&name.as_str())).count();
                assert_eq!(others, 0, "{step}: {sent:?}");
            }
        }
    }
    store.set("k", b"1", LONG).await.unwrap();
    assert_eq!(sent(&mut client).await, BTreeMap::from([("set".to_owned(), 1)]));
    assert_ne!(evalsha(1), sent(&mut client).await);
    assert!(store.get("k").await.unwrap().is_some());
    let one_transaction = BTreeMap::from([("exec".to_owned(), 1), ("multi".to_owned(), 1)]);
    assert_eq!(sent(&mut client).await, one_transaction, "sent and answered together");
}

async fn median(times: usize, mut step: impl AsyncFnMut(usize)) -> f64 {
    let mut took = Vec::with_capacity(times);
    for nth in 0..times {
        let start = Instant::now();
        step(nth).await;
        took.push(start.elapsed());
    }
    took.sort_unstable();
    took[times / 2].as_secs_f64() * 1e6
}

/// `cargo test --release -p mainstay-redis --test redis -- --ignored --nocapture latency`
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures; its figures stand in docs/reference/redis.md"]
async fn latency_of_each_step_on_loopback() {
    const TIMES: usize = 5000;
    let server = RedisServer::start().unwrap();
    let store: RedisStore = store_on(&server, "app");
    let mut client = Client::of(&server).await;
    let token = claim(&store, "replayed").await;
    assert!(store.complete("replayed", token, b"{\"id\":7}", LONG).await.unwrap());
    store.set("cached", b"{\"id\":7}", LONG).await.unwrap();
    let config = RateLimitConfig::new(Rate::per_hour(1_000_000));
    let mut tokens = Vec::new();
    let rows = [
        ("PING by redis-rs alone", median(TIMES, async |_| client.ask::<()>(&["PING"]).await).await),
        ("replay", median(TIMES, async |_| drop(reserve(&store, "replayed").await)).await),
        ("reserve", median(TIMES, async |nth| tokens.push(claim(&store, &nth.to_string()).await)).await),
        (
            "complete",
            median(TIMES, async |nth| {
                assert!(store.complete(&nth.to_string(), tokens[nth], b"{\"id\":7}", LONG).await.unwrap());
            })
            .await,
        ),
        ("cache get", median(TIMES, async |_| drop(store.get("cached").await.unwrap())).await),
        (
            "rate limit take",
            median(TIMES, async |_| {
                assert!(store.take(Take { key: "k", config: &config, tokens: 1.0 }).await.unwrap().allowed);
            })
            .await,
        ),
    ];
    for (step, micros) in rows {
        println!("{step:<24} {micros:>8.1} µs");
    }
}
