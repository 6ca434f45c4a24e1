//! What is printed.

use std::{
    fmt::{self, Display},
    time::Duration,
};

use mainstay::policies;

use crate::{
    laws::Laws,
    ledger::{Line, get},
    memory::{Memory, mib},
    services::LINES,
};

/// All calls so far.
pub fn calls() -> u64 {
    LINES.iter().map(|line| get(&line.calls.started)).sum()
}

/// One line of every ten seconds.
pub fn line(at: Duration, calls_per_second: u64, memory: &Memory, laws: &Laws, orders: u64) {
    println!(
        "{:>5} s  {calls_per_second:>7} calls/s  {:>6} MiB resident, most {}  {orders} orders  {} laws kept",
        at.as_secs(),
        mib(memory.now),
        mib(memory.most),
        laws.checked,
    );
}

/// The table of the end.
pub struct Table;

impl Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<15}{:>11}{:>11}{:>10}{:>10}{:>10}{:>10}{:>10}{:>11}{:>7}",
            "", "calls", "ok", "error", "refused", "timed out", "cancelled", "panicked", "bodies", "most"
        )?;
        for Line { name, calls, bodies } in LINES {
            writeln!(
                f,
                "{name:<15}{:>11}{:>11}{:>10}{:>10}{:>10}{:>10}{:>10}{:>11}{:>7}",
                get(&calls.started),
                get(&calls.ok),
                get(&calls.error),
                get(&calls.refused),
                get(&calls.timed_out),
                get(&calls.cancelled),
                get(&calls.panicked),
                get(&bodies.started),
                get(&bodies.most_inside),
            )?;
        }
        Ok(())
    }
}

/// What is still under way where nothing should be.
pub fn stuck() -> String {
    let mut text = String::from("stuck:");
    for Line { name, calls, bodies } in LINES {
        let (open, inside) = (get(&calls.started) - calls.ended(), get(&bodies.inside));
        if open > 0 {
            text += &format!("\n  {name}: {open} calls have not ended, {inside} of them inside");
        }
    }
    for bulkhead in policies().bulkheads() {
        let (inside, waiting) = (bulkhead.in_flight(), bulkhead.waiting());
        text += &format!("\n  bulkhead {}: {inside} in flight, {waiting} waiting", bulkhead.name());
    }
    for name in ["soak.stack", "soak.sync", "soak.limiter"] {
        let waiting = policies().rate_limiter(name).map_or(0, |limiter| limiter.waiting());
        text += &format!("\n  limiter {name}: {waiting} waiting");
    }
    text
}
