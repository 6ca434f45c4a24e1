//! How long a report takes on a plain thread: twenty checks that wait for a timer, one that hangs and one that blocks its
//! thread, while every processor is busy and the runtime they were added in is blocked or not.
//!
//! `cargo run --release -p mainstay-runtime --example health_measure`

use std::{
    future::pending,
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use mainstay_runtime::health::{CheckOptions, HealthChecker, Probe, from_fn};

const REPORTS: usize = 1_000;
const FRESH: CheckOptions = CheckOptions::new().cache(Duration::ZERO);

fn measure(title: &str, checker: &HealthChecker) {
    let mut took: Vec<Duration> = (0..REPORTS)
        .map(|_| {
            let start = Instant::now();
            black_box(checker.report(Probe::Ready));
            start.elapsed()
        })
        .collect();
    took.sort_unstable();
    let at = |place: usize| took.get(place).copied().unwrap_or_default();
    let (median, worst) = (at(REPORTS / 2), at(REPORTS - 1));
    println!("{title:56} median {median:9.1?}  worst of {REPORTS} {worst:9.1?}");
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (checker, kept, hanging) =
        (HealthChecker::new("fresh"), HealthChecker::new("kept"), HealthChecker::new("hanging"));
    let inside = runtime.enter();
    for number in 0..20 {
        checker.add_with(&format!("check {number}"), FRESH, from_fn(async || true))?;
        kept.add_with(&format!("check {number}"), CheckOptions::new(), from_fn(async || true))?;
        hanging.add_with(&format!("check {number}"), FRESH, from_fn(async || true))?;
    }
    hanging.add_with("hanging", FRESH.timeout(Duration::from_millis(1)), from_fn(pending::<bool>))?;
    let blocking = from_fn(|| async { std::thread::sleep(Duration::from_secs(3600)) });
    hanging.add_with("blocking", FRESH, blocking)?;
    drop(inside);
    // Nobody runs this runtime from here on: it is blocked.
    checker.watch(runtime.handle());
    hanging.report(Probe::Ready);

    let all =
        [("fresh answers", &checker), ("kept answers", &kept), ("one hangs for 1 ms, one blocks", &hanging)];
    for (title, checker) in all {
        measure(title, checker);
    }
    let busy = Arc::new(AtomicBool::new(true));
    for _ in 0..2 * std::thread::available_parallelism().map_or(1, Into::into) {
        let busy = Arc::clone(&busy);
        std::thread::spawn(move || {
            let mut number = 0_u64;
            while busy.load(Ordering::Relaxed) {
                number = black_box(number.wrapping_mul(7).wrapping_add(1));
            }
        });
    }
    for (title, checker) in all {
        measure(&format!("{title}, all processors busy"), checker);
    }
    busy.store(false, Ordering::Relaxed);
    Ok(())
}
