//! How quickly probes are answered while every processor is busy and the program's runtime is blocked:
//! `cargo run --release -p mainstay-ops --example probes`.
#![allow(missing_docs)]

use std::{
    hint::black_box,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use mainstay_ops::OpsServer;
use mainstay_runtime::health::{checks, from_fn};

const PROBES: usize = 2000;

fn probe(address: SocketAddr, path: &str) -> std::io::Result<(Duration, String)> {
    let started = Instant::now();
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes(),
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok((started.elapsed(), answer.lines().next().unwrap_or_default().to_owned()))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let processors = thread::available_parallelism()?.get();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(processors).enable_all().build()?;
    checks().add_as("database", from_fn(|| async { true }));
    checks().add_as("queue", from_fn(|| async { true }));
    let serving =
        runtime.block_on(async { OpsServer::new().host([127, 0, 0, 1]).port(0).start_in_background() })?;
    // Every thread of the runtime computes and never comes back, and so do as many threads beside it.
    for _ in 0..processors {
        drop(runtime.spawn(async { burn() }));
        thread::spawn(burn);
    }
    thread::sleep(Duration::from_millis(500));
    println!("{processors} processors, {} threads that never pause, the runtime blocked", 2 * processors);
    println!("{:<16} {:>10} {:>10} {:>10} {:>10}", "", "median", "p99", "worst", "answer");
    for path in ["/health/live", "/health/ready", "/health"] {
        let mut times = Vec::with_capacity(PROBES);
        let mut last = String::new();
        for _ in 0..PROBES {
            let (time, status) = probe(serving.address(), path)?;
            times.push(time);
            last = status;
            thread::sleep(Duration::from_millis(2));
        }
        times.sort_unstable();
        let (median, p99) = (times[PROBES / 2], times[PROBES * 99 / 100]);
        println!("{path:<16} {median:>10.2?} {p99:>10.2?} {:>10.2?}   {last}", times[PROBES - 1]);
    }
    std::process::exit(0);
}

fn burn() {
    let mut number = 1_u64;
    loop {
        number = black_box(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    }
}
