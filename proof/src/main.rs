//! Exactly once, measured: processes are killed in the middle of idempotent calls and started again, and so is the server
//! of their store; every effect is counted in a ledger that the store knows nothing of.
//!
//! ```text
//! cargo run --release -p mainstay-proof -- [--operations 20000] [--keys 4000] [--processes 8] [--seed N] [store…]
//! ```
//!
//! The stores are `redis`, `postgres` and `transaction`, all of them where none is named. It ends with an error where an
//! effect is lost, where callers of one key got different answers, where an effect happened twice for a reason other than
//! the one documented, or at all within a transaction.

mod books;
mod coordinator;
mod lines;
mod plan;
mod report;
mod run;
mod worker;

use std::process::ExitCode;

use plan::Plan;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        Some("worker") => worker::main(&arguments[1..]),
        _ => Plan::read(&arguments).and_then(|plan| coordinator::main(&plan)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}
