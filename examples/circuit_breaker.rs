//! A breaker opens on failures, refuses while it is open, and closes again after two successful probes.
//!
//! ```text
//! cargo run --example circuit_breaker
//! ```

use std::{
    error::Error,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::Duration,
};

use mainstay::{
    circuit_breaker,
    observe::{self, Event},
    policies,
};

static BANK_IS_UP: AtomicBool = AtomicBool::new(false);

#[circuit_breaker("bank", failure_threshold = 3, success_threshold = 2, timeout = "300ms")]
fn transfer(cents: u64) -> Result<u64, Box<dyn Error>> {
    if BANK_IS_UP.load(Relaxed) { Ok(cents) } else { Err("the bank does not answer".into()) }
}

fn try_it(times: u32) {
    for _ in 0..times {
        match transfer(500) {
            Ok(cents) => println!("transferred {cents}"),
            Err(error) => println!("{error}"),
        }
    }
}

fn main() {
    let _listening = observe::listen(|event| {
        if let Event::StateChanged { policy, from, to, .. } = event {
            println!("  breaker `{policy}`: {from} -> {to}");
        }
    });
    try_it(5); // three fail, two are refused
    BANK_IS_UP.store(true, Relaxed);
    try_it(1); // still refused: the breaker does not know yet
    std::thread::sleep(Duration::from_millis(300));
    try_it(3); // two probes, then as ever

    if let Some(breaker) = policies().circuit_breaker("bank") {
        let counts = breaker.counts();
        println!(
            "{}: {} succeeded, {} failed, {} refused",
            counts.state, counts.success_count, counts.failure_count, counts.rejected_count
        );
    }
}
