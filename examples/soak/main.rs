//! Mixed traffic through all policies on all cores, with faults, for as long as one likes.
//!
//! ```text
//! cargo run --release --example soak -- --minutes 10
//! ```
//!
//! - `services.rs` is what is called: a stack of six, its sync twin, and each policy alone.
//! - `traffic.rs` is those who call, drop, abort, panic and end with their runtimes; `fault.rs` what the bodies do;
//!   `orders.rs` changes the policies meanwhile.
//! - Every second `gate.rs` lets no more calls begin. What is under way must end within ten seconds; then `laws.rs`
//!   compares what the policies say with what callers and bodies saw (`ledger.rs`), and `memory.rs` looks at the memory:
//!   after a warm-up of a tenth of the time it may not grow by more than a tenth and 8 MiB.
//!
//! It ends with 0 if all laws were kept, and with 1, the law and the numbers if one was broken.
#![allow(unreachable_pub, reason = "a program has no outside; `pub` here means: for the other files")]

mod failure;
mod fault;
mod gate;
mod laws;
mod ledger;
mod memory;
mod options;
mod orders;
mod report;
mod residents;
mod services;
mod traffic;

use std::{
    env,
    process::ExitCode,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use fastrand::Rng;

use crate::{gate::Gate, laws::Laws, ledger::get, memory::Memory, options::Options, residents::Residents};

/// How long all calls may take to end once none begins: in looks, so that a machine that stands still is no fault.
const LOOKS: u32 = 10_000;
const LOOK: Duration = Duration::from_millis(1);
const BETWEEN_CHECKS: Duration = Duration::from_secs(1);
const BETWEEN_LINES: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let options = match Options::read(env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{}", options::HELP);
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("soak: {problem}");
            return ExitCode::from(2);
        }
    };
    println!("soak for {:?} with seed {}", options.run_for, options.seed);
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(broken) => {
            println!("{}", report::Table);
            eprintln!("soak: with seed {}: {broken}", options.seed);
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let mut random = Rng::with_seed(options.seed);
    let (gate, mut laws, mut memory) = (Arc::<Gate>::default(), Laws::new(), Memory::default());
    let residents = Residents::move_in(&gate, &mut random)?;
    let (began, mut orders, mut printed) = (Instant::now(), 0_u64, (Duration::ZERO, 0));
    while began.elapsed() < options.run_for {
        let next_check = Instant::now() + BETWEEN_CHECKS;
        while Instant::now() < next_check {
            orders::give(&mut random);
            orders += 1;
            thread::sleep(Duration::from_millis(random.u64(1..20)));
        }
        check(&gate, &mut laws)?;
        residents.are_alive()?;
        let at = began.elapsed();
        memory.look(at < options.run_for / 10)?;
        gate.open();
        if at - printed.0 >= BETWEEN_LINES {
            let new = report::calls() - printed.1;
            report::line(at, new * 1000 / (at - printed.0).as_millis() as u64, &memory, &laws, orders);
            printed = (at, report::calls());
        }
    }
    gate.end();
    check(&gate, &mut laws)?;
    memory.look(false)?;
    nothing_was_missing()?;
    residents.move_out()?;
    report::line(began.elapsed(), report::calls() / began.elapsed().as_secs().max(1), &memory, &laws, orders);
    println!("\n{}", report::Table);
    println!(
        "all kept: {} laws, {} MiB resident of {} allowed",
        laws.checked,
        memory::mib(memory.now),
        memory::mib(memory.limit())
    );
    Ok(())
}

/// Waits until nothing is under way, and checks the laws.
fn check(gate: &Gate, laws: &mut Laws) -> Result<(), String> {
    gate.shut();
    for _ in 0..LOOKS {
        if gate.inside() == 0 {
            return laws.check();
        }
        thread::sleep(LOOK);
    }
    Err(report::stuck())
}

/// A soak in which something never happened would prove nothing about it.
fn nothing_was_missing() -> Result<(), String> {
    for line in services::LINES {
        let (calls, bodies) = (&line.calls, &line.bodies);
        let seen = [&calls.started, &calls.ok, &calls.panicked, &bodies.reset, &bodies.declined];
        if seen.into_iter().any(|count| get(count) == 0) {
            return Err(format!("{}: too little has happened, {line:?}; let it run longer", line.name));
        }
    }
    Ok(())
}
