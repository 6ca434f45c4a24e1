//! Times per call, of all rows of a path in alternation: what slows the machine down meets each of them.

use std::time::Duration;

use alloc_tracker::Session;

use crate::row::{Path, Row};

/// What one sample takes: long enough for the clock, short enough to fall into one mood of the machine.
const SAMPLE: Duration = Duration::from_micros(200);
/// What one row takes.
const BUDGET: Duration = Duration::from_millis(120);
/// Calls of which the allocations are counted; few, because some wait.
const COUNTED: u64 = 200;

/// What was measured of one row.
pub struct Measured {
    pub who: &'static str,
    pub aside: bool,
    /// Nanoseconds per call, in the order in which they were taken.
    samples: Vec<f64>,
    pub allocations: f64,
}

impl Measured {
    pub fn least(&self) -> f64 {
        self.samples.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub fn median(&self) -> f64 {
        median(self.samples.clone())
    }

    pub fn most(&self) -> f64 {
        self.samples.iter().copied().fold(0.0, f64::max)
    }

    /// The median of how this compares to the other, sample by sample: what was measured within the same moments.
    pub fn ratio_to(&self, other: &Self) -> f64 {
        median(self.samples.iter().zip(&other.samples).map(|(ours, theirs)| ours / theirs).collect())
    }
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Measures all rows of a path.
pub fn measure(path: &Path) -> Vec<Measured> {
    let rows = (path.rows)();
    let calls: Vec<u64> = rows.iter().map(|row| calls_of(row, path.calls, SAMPLE)).collect();
    let mut measured: Vec<Measured> = rows
        .iter()
        .map(|row| Measured {
            who: row.who,
            aside: row.aside,
            samples: Vec::new(),
            allocations: allocations(row),
        })
        .collect();
    let round: Duration = rows.iter().zip(&calls).map(|(row, &calls)| row.run(0, calls)).sum();
    let rounds = (BUDGET.as_nanos() * rows.len() as u128 / round.as_nanos().max(1)).clamp(11, 600);
    for number in 0..rounds {
        let mut one = |at: usize| {
            let nanos = rows[at].run(0, calls[at]).as_nanos() as f64;
            measured[at].samples.push(nanos / calls[at] as f64);
        };
        // There and back, so that no row always follows the same other one.
        if number % 2 == 0 {
            (0..rows.len()).for_each(&mut one);
        } else {
            (0..rows.len()).rev().for_each(&mut one);
        }
    }
    measured
}

/// How many calls take so long; they have warmed the row up by then.
pub fn calls_of(row: &Row, least: u64, wanted: Duration) -> u64 {
    let mut calls = least.max(4);
    // What is made at first use, a thread perhaps, is no cost of a call.
    row.run(0, calls);
    loop {
        if row.run(0, calls) >= wanted {
            return calls;
        }
        calls *= 2;
    }
}

/// Per call. What one batch needs for itself goes out by subtraction.
fn allocations(row: &Row) -> f64 {
    let of = |calls: u64| {
        let session = Session::new().no_stdout().no_file();
        let operation = session.operation("calls");
        let span = operation.measure_thread().iterations(calls);
        row.run(0, calls);
        drop(span);
        let report = session.to_report();
        report.operations().map(|(_, operation)| operation.total_allocations_count()).sum::<u64>() as f64
    };
    (of(2 * COUNTED) - of(COUNTED)).max(0.0) / COUNTED as f64
}
