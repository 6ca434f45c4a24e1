use std::{
    fmt,
    io::{self, Write},
};

use mainstay_runtime::trace::{ExportError, Resource, SpanData, SpanExporter};

use super::line;
use crate::{Format, encode::json};

/// Prints spans, a line for each: to the standard output, or to any writer.
///
/// ```
/// use mainstay_otlp::{Format, StdoutExporter};
/// use mainstay_runtime::trace::{SpanContext, SpanExporter, SpanRecord};
///
/// let context = SpanContext::from_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").unwrap();
/// let mut exporter = StdoutExporter::new(Format::Line);
/// exporter.export(&mut vec![SpanRecord::new("place", context).into()])?;
/// # Ok::<(), mainstay_runtime::trace::ExportError>(())
/// ```
pub struct StdoutExporter<W = io::Stdout> {
    writer: W,
    format: Format,
    /// The resource in JSON.
    resource: String,
}

impl StdoutExporter {
    /// To the standard output.
    pub fn new(format: Format) -> Self {
        Self::to(io::stdout(), format)
    }
}

impl<W: Write + Send + 'static> StdoutExporter<W> {
    /// To `writer`.
    pub fn to(writer: W, format: Format) -> Self {
        Self { writer, format, resource: json::resource(&Resource::default()) }
    }
}

impl<W: Write + Send + 'static> SpanExporter for StdoutExporter<W> {
    fn start(&mut self, resource: &Resource) {
        self.resource = json::resource(resource);
    }

    fn export(&mut self, batch: &mut Vec<SpanData>) -> Result<(), ExportError> {
        let mut text = String::new();
        for span in batch.iter() {
            match self.format {
                Format::Line => line::write(&mut text, span),
                Format::Json => json::write(&mut text, &self.resource, span),
            }
        }
        let written = self.writer.write_all(text.as_bytes()).and_then(|()| self.writer.flush());
        written.map_err(|error| ExportError::new("spans cannot be printed").with_source(error))
    }
}

impl<W> fmt::Debug for StdoutExporter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StdoutExporter").field("format", &self.format).finish_non_exhaustive()
    }
}
