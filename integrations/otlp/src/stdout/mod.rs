//! Spans on the standard output.

mod exporter;
mod json;
mod line;
mod time;

pub use exporter::StdoutExporter;
