//! What one call costs, beside the peers, in one process.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml` prints a table: nanoseconds as the least, the median and
//! the most of the samples, and allocations per call. Compare the rows of one run, never of two.

mod ours;
mod peers;
mod sample;

use sample::{Row, print};

fn main() {
    let mut rows: Vec<Row> = Vec::new();
    ours::run(&mut rows);
    peers::run(&mut rows);
    rows.sort_by_key(|row| row.path);
    print(&rows);
    ours::print_sizes();
}
