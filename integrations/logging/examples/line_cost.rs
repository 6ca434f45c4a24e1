//! What a line costs the call that logs it: `cargo run --release -p mainstay-logging --example line_cost`.
#![allow(clippy::unwrap_used, reason = "a measurement is a test")]

use std::{
    hint::black_box,
    io,
    time::{Duration, Instant},
};

use mainstay_logging::{Json, Logging, Pretty};
use mainstay_runtime::context::Context;

const LINES: u64 = 20_000;

fn measure(what: &str, threads: u64, log: impl Fn(u64) + Sync) {
    // A second argument picks what is measured, for counting instructions.
    if std::env::args().nth(2).is_some_and(|picked| !what.contains(&picked)) {
        return;
    }
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| (0..LINES).for_each(&log));
        }
    });
    let nanos = begin.elapsed().as_nanos() as f64 / (LINES * threads) as f64;
    println!("{what:<52} {nanos:>8.1} ns a line");
}

fn main() {
    let json = std::env::args().nth(1).is_none_or(|argument| argument != "pretty");
    let logging = Logging::service("prophet").no_console().capacity(64 << 20);
    let logging = match json {
        true => logging.output(io::sink(), Json::default()),
        false => logging.output(io::sink(), Pretty::new(true)),
    };
    let logging = logging.install().unwrap();
    measure("a line that the level leaves out", 1, |n| tracing::debug!(n = black_box(n), "left out"));
    measure("a message", 1, |_| tracing::info!("charged"));
    measure("a message and three fields", 1, |n| tracing::info!(n, user = "ada", share = 0.5, "charged"));
    measure("the same, four threads", 4, |n| tracing::info!(n, user = "ada", share = 0.5, "charged"));
    let (context, text) = (Context::new(), "the order was charged and shipped, ".repeat(29));
    measure("the same, in a context and two spans", 1, |n| {
        context.scope(|| {
            let _outer = tracing::info_span!("outer", order = 7).entered();
            let _inner = tracing::info_span!("inner").entered();
            tracing::info!(n, user = "ada", share = 0.5, "charged");
        });
    });
    measure("a URL of 60 bytes with a password in it", 1, |_| {
        tracing::info!(url = "postgres://app:hunter2@db.internal:5432/orders?sslmode=require", "connecting");
    });
    measure("a text of 1,000 bytes", 1, |_| tracing::info!("{text}"));
    println!("{:?}", logging.shutdown(Duration::from_secs(60)));
}
