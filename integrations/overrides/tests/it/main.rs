//! Files as sources of overrides.

mod files;
mod fuzz;
mod program;
mod toml;
mod yaml;

use mainstay_runtime::overrides::{Entry, Known, Level, Source};

/// What a source says, or what is wrong with it, a line each.
fn told(source: &impl Source) -> Vec<String> {
    match source.read(&Known::of_program()) {
        Ok(entries) => entries.iter().map(|entry| format!("{} = {}", entry.key(), entry.value())).collect(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn entries(source: &impl Source) -> Vec<Entry> {
    source.read(&Known::of_program()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn payments(attribute: &str) -> Level {
    Level::name("payments", attribute)
}
