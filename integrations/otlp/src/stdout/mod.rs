//! Spans on the standard output.

mod exporter;
mod line;
mod time;

pub use exporter::StdoutExporter;
