//! A service under a storm of faults, with and without what protects it.
//!
//! ```text
//! cargo run --example chaos
//! ```

use std::time::Instant;

use mainstay::{
    Error, chaos,
    chaos::{Chaos, Fault},
    policies, retry, timeout,
};

/// Nothing around it: whatever goes wrong, its caller has it.
#[chaos("bare", latency = "20ms", latency_rate = 0.2, error_rate = 0.1, seed = 7)]
async fn bare(order: u32) -> Result<u32, Error> {
    Ok(order)
}

#[retry(max_attempts = 4, initial_delay = "1ms")]
#[timeout("10ms")]
#[chaos("protected", latency = "20ms", latency_rate = 0.2, error_rate = 0.1, drop_rate = 0.02, seed = 7)]
async fn protected(order: u32) -> Result<u32, Error> {
    Ok(order)
}

async fn storm<F: Future<Output = Result<u32, Error>>>(name: &str, call: impl Fn(u32) -> F) {
    let start = Instant::now();
    let mut failed = 0;
    for order in 1..=200 {
        failed += u32::from(call(order).await.is_err());
    }
    println!("{name:>9}: {failed:3} of 200 calls failed, in {:.1?}", start.elapsed());
}

fn show(chaos: &Chaos) {
    let injected = Fault::ALL.map(|fault| format!("{} {fault}", chaos.injected(fault)));
    println!("{:>9}: injected {}", chaos.name(), injected.join(", "));
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("off, as it is unless somebody outside switches it on:");
    storm("bare", bare).await;

    // In a service: MAINSTAY_CHAOS_ENABLED=true, or for one name MAINSTAY_BARE_CHAOS_ENABLED=true.
    println!("on:");
    policies().all_chaos().into_iter().for_each(Chaos::enable);
    storm("bare", bare).await;
    storm("protected", protected).await;
    policies().all_chaos().into_iter().for_each(show);

    // Which calls fail follows from the seed: these did just now, and will in the next run.
    if let Some(chaos) = policies().chaos("bare") {
        let config = chaos.config();
        let failed = (1..=60).filter(|call| config.fate("bare", 7, *call).end != chaos::End::Pass);
        println!("the first of `bare` to fail: {:?}", failed.collect::<Vec<u64>>());
    }
}
