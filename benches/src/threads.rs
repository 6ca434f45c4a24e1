//! Throughput with one, two and four threads at the same state.

use std::{
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use crate::{
    row::{Path, Row},
    sample::{calls_of, median},
    work::runtime,
};

/// What is compared.
pub const THREADS: [usize; 3] = [1, 2, 4];
const SAMPLE: Duration = Duration::from_millis(8);
const ROUNDS: usize = 9;
/// Where one sample takes many times [`SAMPLE`].
const FEW_ROUNDS: usize = 3;

/// Millions of calls per second of one row, by number of threads.
pub struct Throughput {
    pub who: &'static str,
    pub aside: bool,
    /// A round is one sample for each of [`THREADS`].
    rounds: Vec<[f64; 3]>,
}

impl Throughput {
    /// The median with so many threads, given as a place in [`THREADS`].
    pub fn median(&self, at: usize) -> f64 {
        median(self.rounds.iter().map(|round| round[at]).collect())
    }

    /// Four threads over one, the median of the rounds: 2 is perfect on two cores.
    pub fn scaling(&self) -> f64 {
        median(self.rounds.iter().map(|round| round[2] / round[0]).collect())
    }

    /// How this compares to the other with four threads, the median of the rounds.
    pub fn ratio_to(&self, other: &Self) -> f64 {
        median(self.rounds.iter().zip(&other.rounds).map(|(ours, theirs)| ours[2] / theirs[2]).collect())
    }
}

/// Measures all rows of a path in alternation.
pub fn measure(path: &Path) -> Vec<Throughput> {
    let rows = (path.rows)();
    let calls: Vec<u64> = rows.iter().map(|row| calls_of(row, path.calls, SAMPLE)).collect();
    let mut measured: Vec<Throughput> =
        rows.iter().map(|row| Throughput { who: row.who, aside: row.aside, rounds: Vec::new() }).collect();
    let rounds = if path.calls == 0 { ROUNDS } else { FEW_ROUNDS };
    for _ in 0..rounds {
        for (at, row) in rows.iter().enumerate() {
            measured[at].rounds.push(THREADS.map(|threads| throughput(row, threads, calls[at])));
        }
    }
    measured
}

/// From the first thread's start to the last one's end: with more threads than cores they do not start together.
fn throughput(row: &Row, threads: usize, calls: u64) -> f64 {
    let barrier = Barrier::new(threads);
    let spans: Vec<(Instant, Instant)> = thread::scope(|scope| {
        let one = |thread: usize| {
            let barrier = &barrier;
            scope.spawn(move || {
                let _entered = runtime().enter();
                barrier.wait();
                let start = Instant::now();
                row.run(thread, calls);
                (start, Instant::now())
            })
        };
        let running: Vec<_> = (0..threads).map(one).collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    assert_eq!(spans.len(), threads, "a thread of {} panicked", row.who);
    let start = spans.iter().map(|span| span.0).min().expect("at least one thread");
    let end = spans.iter().map(|span| span.1).max().expect("at least one thread");
    (calls * threads as u64) as f64 / (end - start).as_micros() as f64
}
