//! Files as sources of overrides.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod files;
mod fuzz;
mod program;
mod toml;
mod yaml;

use mainstay_runtime::overrides::{Entry, Known, Level, Source};

/// What is wrong with what a source says, a line each.
fn told(source: &impl Source) -> Vec<String> {
    source.read(&Known::of_program()).problems().iter().map(ToString::to_string).collect()
}

fn entries(source: &impl Source) -> Vec<Entry> {
    let said = source.read(&Known::of_program());
    assert_eq!(said.problems(), []);
    said.entries().to_vec()
}

fn payments(attribute: &str) -> Level {
    Level::name("payments", attribute)
}
