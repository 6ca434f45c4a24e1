//! The latest outcomes, by number or by time.

mod count;
mod samples;
mod time;

#[cfg(test)]
mod tests;

pub(super) use samples::{Sample, Samples, Tally};
