//! What hedging does to the slowest calls, in virtual time, beside what its arithmetic predicts.
//!
//! `cargo test --test hedge tail -- --nocapture` prints the figures of `docs/reference/hedge.md`.

use std::{sync::Mutex, time::Duration};

use mainstay::{budget::Budget, clock, hedge, policies};

type Answer = Result<(), mainstay::Error>;

const CALLS: usize = 40_000;
/// The share of calls that hang, for 50 ms and then for 200 ms more on average; the others take 10 to 15 ms.
const HANGING: f64 = 0.04;

static RANDOM: Mutex<Option<fastrand::Rng>> = Mutex::new(None);

fn latency() -> Duration {
    let mut random = RANDOM.lock().unwrap();
    let random = random.get_or_insert_with(|| fastrand::Rng::with_seed(7));
    Duration::from_secs_f64(match random.f64() < HANGING {
        true => 0.050 - 0.200 * (1.0 - random.f64()).ln(),
        false => 0.010 + 0.005 * random.f64(),
    })
}

/// How probable it is that an attempt takes longer than that.
fn survives(seconds: f64) -> f64 {
    let quick = (1.0 - HANGING) * (1.0 - (seconds - 0.010) / 0.005).clamp(0.0, 1.0);
    quick + HANGING * (-(seconds - 0.050).max(0.0) / 0.200).exp()
}

/// The time that one call in a hundred exceeds, by bisection.
fn p99(exceeds: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 10.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if exceeds(middle) > 0.01 { low = middle } else { high = middle }
    }
    high
}

async fn plain() -> Answer {
    clock::sleep(latency()).await;
    Ok(())
}

#[hedge("tail", after = "p95", safe, budget = "tail")]
async fn hedged() -> Answer {
    clock::sleep(latency()).await;
    Ok(())
}

async fn measured(call: impl AsyncFn() -> Answer) -> f64 {
    let mut times = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let start = clock::now();
        call().await.unwrap();
        times.push(clock::now().saturating_since(start));
    }
    times.sort_unstable();
    times[CALLS * 99 / 100].as_secs_f64()
}

#[tokio::test(start_paused = true)]
async fn the_99th_percentile_falls_as_predicted_for_a_twentieth_more_calls() {
    let budget = Budget::builder().ratio(0.05).floor(0.0).register("tail").unwrap();
    let without = measured(plain).await;
    let with = measured(hedged).await;
    let hedge = policies().hedge("tail").unwrap();
    let after = hedge.after().unwrap().as_secs_f64();
    let more = hedge.hedges() as f64 / CALLS as f64;
    let predicted_without = p99(survives);
    let predicted = p99(|time| survives(time) * survives(time - after));
    println!(
        "p99 without {:.1} ms (predicted {:.1}), with {:.1} ms (predicted {:.1}), after {:.2} ms, {:.2} % more calls",
        without * 1e3,
        predicted_without * 1e3,
        with * 1e3,
        predicted * 1e3,
        after * 1e3,
        more * 100.0
    );
    assert!((without / predicted_without - 1.0).abs() < 0.1, "{without} {predicted_without}");
    assert!((with / predicted - 1.0).abs() < 0.1, "{with} {predicted}");
    assert!(more <= 0.05 && more > 0.03, "{more}");
    assert_eq!(hedge.hedges(), budget.withdrawn());
}
