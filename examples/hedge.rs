//! A slow server on this machine, asked with and without a hedge: how long the slowest calls take, and what the arithmetic
//! says.
//!
//! ```text
//! cargo run --release --example hedge
//! ```

use std::{
    error::Error,
    io,
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

use mainstay::{budget::Budget, hedge, policies};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// The share of requests that hang, for 50 ms and then for 200 ms more on average; the others take 10 to 15 ms.
const HANGING: f64 = 0.04;
const CALLERS: u64 = 20;
const CALLS: u64 = 500;

static SERVED: AtomicU64 = AtomicU64::new(0);

fn latency(random: &mut fastrand::Rng) -> Duration {
    Duration::from_secs_f64(match random.f64() < HANGING {
        true => 0.050 - 0.200 * (1.0 - random.f64()).ln(),
        false => 0.010 + 0.005 * random.f64(),
    })
}

async fn serve(listener: TcpListener) -> io::Result<()> {
    let mut random = fastrand::Rng::with_seed(7);
    loop {
        let (mut stream, _) = listener.accept().await?;
        let takes = latency(&mut random);
        tokio::spawn(async move {
            let mut request = [0; 4];
            stream.read_exact(&mut request).await?;
            SERVED.fetch_add(1, Relaxed);
            tokio::time::sleep(takes).await;
            stream.write_all(b"pong").await
        });
    }
}

async fn ask(server: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(b"ping").await?;
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await?;
    Ok(())
}

#[hedge("ask", after = "p95", budget = "ask", safe)]
async fn ask_hedged(server: SocketAddr) -> io::Result<()> {
    ask(server).await
}

/// The times of all calls, the shortest first, and how many requests the server has had for each.
async fn measure<F>(
    call: fn(SocketAddr) -> F,
    server: SocketAddr,
) -> Result<(Vec<Duration>, f64), Box<dyn Error>>
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let served = SERVED.load(Relaxed);
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        callers.spawn(async move {
            let mut times = Vec::new();
            for _ in 0..CALLS {
                let start = Instant::now();
                call(server).await?;
                times.push(start.elapsed());
            }
            Ok::<_, io::Error>(times)
        });
    }
    let mut times = Vec::new();
    while let Some(caller) = callers.join_next().await {
        times.extend(caller??);
    }
    times.sort_unstable();
    let requests = (SERVED.load(Relaxed) - served) as f64 / times.len() as f64;
    Ok((times, requests))
}

fn percentile(times: &[Duration], percent: usize) -> f64 {
    times.get(times.len() * percent / 100).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

/// What the 99th percentile is if two attempts are independent, each taking as long as one of `times`.
fn predicted(times: &[Duration], after: Duration) -> f64 {
    let exceeds =
        |time: Duration| 1.0 - times.partition_point(|known| *known <= time) as f64 / times.len() as f64;
    let grid = (0..20_000).map(|step| Duration::from_micros(step * 50));
    let mut late = grid.skip_while(|time| exceeds(*time) * exceeds(time.saturating_sub(after)) > 0.01);
    late.next().map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = listener.local_addr()?;
    tokio::spawn(serve(listener));
    Budget::builder().ratio(0.05).floor(0.0).register("ask")?;

    let (plain, requests) = measure(ask, server).await?;
    println!(
        "without: p50 {:.1} ms, p99 {:.1} ms, {requests:.3} requests a call",
        percentile(&plain, 50),
        percentile(&plain, 99)
    );
    let (hedged, requests) = measure(ask_hedged, server).await?;
    println!(
        "with:    p50 {:.1} ms, p99 {:.1} ms, {requests:.3} requests a call",
        percentile(&hedged, 50),
        percentile(&hedged, 99)
    );
    let after = policies().hedge("ask").and_then(hedge::Hedge::after).unwrap_or_default();
    println!("predicted p99 after {after:.1?}: {:.1} ms", predicted(&plain, after));
    Ok(())
}
