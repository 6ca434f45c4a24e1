//! A thousand shutdowns under load, and no request lost: a real HTTP service in a process of its own gets a real SIGTERM while clients
//! send requests over real sockets; every request is accounted for on both sides.
//!
//! ```text
//! cargo run --release -p mainstay-proof-shutdown -- [--shutdowns 1000] [--at-once 4] [--seed N] [--plain]
//! ```
//!
//! With `--plain` axum's own server with its graceful shutdown takes the place of `mainstay::axum::serve`, to see that the proof sees.
//!
//! Half of the shutdowns have a pre-drain, in which clients that heed the readiness go away, as a load balancer's do; the others have
//! none. Some clients keep their connections, some open a new one for each request, and some of these go on until nobody answers.
//!
//! A request is **lost** if
//!
//! - the service began it and its response did not come, or not to its end;
//! - it was sent on a connection that had been used before, and was not answered;
//! - it was sent by a client that heeds the readiness, through a pre-drain, and was not answered, or its connection was refused.
//!
//! What is left are connections of clients that heed nothing: the system refuses them, or resets them between its own acceptance and
//! the service's. They are counted as turned away.

mod client;
mod cycle;
mod plan;
mod service;
mod tally;

use std::process::ExitCode;

use plan::Plan;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "serve") {
        return service::main(&arguments[1..]);
    }
    let done = Plan::read(&arguments).and_then(|plan| cycle::all(&plan));
    match done {
        Ok(tally) if tally.is_good() => {
            println!("{tally}");
            ExitCode::SUCCESS
        }
        Ok(tally) => {
            println!("{tally}");
            eprintln!("error: requests were lost, or a service did not end well");
            ExitCode::FAILURE
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}
