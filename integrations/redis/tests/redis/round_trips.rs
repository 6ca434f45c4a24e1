use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

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

/// The medians of steps that take turns, so that all meet the same machine.
#[derive(Default)]
struct Medians(BTreeMap<&'static str, Vec<Duration>>);

impl Medians {
    async fn time<T>(&mut self, step: &'static str, work: impl Future<Output = T>) -> T {
        let start = Instant::now();
        let output = work.await;
        self.0.entry(step).or_default().push(start.elapsed());
        output
    }

    fn print(self) {
        for (step, mut took) in self.0 {
            took.sort_unstable();
            let micros = |nth: usize| took[nth].as_secs_f64() * 1e6;
            println!(
                "{step:<20} {:>7.1} µs, 99 of 100 within {:>7.1}",
                micros(took.len() / 2),
                micros(took.len() * 99 / 100)
            );
        }
    }
}

/// `cargo test --release -p mainstay-redis --test redis -- --ignored --nocapture latency`
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
#[ignore = "measures; its figures stand in docs/reference/redis.md"]
async fn latency_of_each_step_on_loopback() {
    const TIMES: u32 = 10_000;
    let server = RedisServer::start().unwrap();
    let store: RedisStore = store_on(&server, "app");
    let mut client = Client::of(&server).await;
    let limit = RateLimitConfig::new(Rate::per_hour(1_000_000));
    let mut medians = Medians::default();
    store.set("cached", b"{\"id\":7}", LONG).await.unwrap();
    for nth in 0..TIMES {
        let key = nth.to_string();
        medians.time("PING by redis-rs", client.ask::<()>(&["PING"])).await;
        let token = medians.time("reserve", claim(&store, &key)).await;
        assert!(medians.time("complete", store.complete(&key, token, b"{\"id\":7}", LONG)).await.unwrap());
        medians.time("replay", reserve(&store, &key)).await;
        medians.time("cache get", store.get("cached")).await.unwrap();
        let take = Take { key: "k", config: &limit, tokens: 1.0 };
        assert!(medians.time("rate limit", store.take(take)).await.unwrap().allowed);
    }
    medians.print();
    let start = Instant::now();
    let tasks = (0..64).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            for nth in 0..TIMES / 64 {
                reserve(&store, &nth.to_string()).await;
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let replays = f64::from(TIMES / 64 * 64) / start.elapsed().as_secs_f64();
    println!("64 tasks on one connection: {replays:.0} replays per second");
}
