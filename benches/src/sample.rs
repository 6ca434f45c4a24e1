use std::{
    future::Future,
    hint::black_box,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Instant,
};

const SAMPLES: usize = 41;
const CALLS: u32 = 20_000;

/// One measured operation.
pub struct Row {
    pub path: &'static str,
    who: &'static str,
    nanos: Vec<f64>,
    allocations: f64,
}

/// Measures `operation` by the batch.
pub fn measure<R>(path: &'static str, who: &'static str, mut operation: impl FnMut() -> R) -> Row {
    let mut batch = |calls: u32| {
        for _ in 0..calls {
            black_box(operation());
        }
    };
    batch(CALLS);
    let mut nanos: Vec<f64> = (0..SAMPLES)
        .map(|_| {
            let start = Instant::now();
            batch(CALLS);
            start.elapsed().as_nanos() as f64 / f64::from(CALLS)
        })
        .collect();
    nanos.sort_by(f64::total_cmp);
    let allocations = allocation_counter::measure(|| batch(1000)).count_total as f64 / 1000.0;
    Row { path, who, nanos, allocations }
}

/// Polls a future that is ready at once: no runtime's own cost is measured.
pub fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("the operations measured here are ready at once"),
    }
}

/// Prints the table.
pub fn print(rows: &[Row]) {
    println!("{:<34} {:<22} {:>9} {:>9} {:>9} {:>8}", "path", "who", "min ns", "median", "max", "allocs");
    for row in rows {
        let (least, median, most) = (row.nanos[0], row.nanos[SAMPLES / 2], row.nanos[SAMPLES - 1]);
        println!(
            "{:<34} {:<22} {least:>9.2} {median:>9.2} {most:>9.2} {:>8.2}",
            row.path, row.who, row.allocations
        );
    }
}
