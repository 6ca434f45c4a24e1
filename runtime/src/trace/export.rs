use std::{error::Error as StdError, fmt, time::Duration};

use super::{Attribute, SpanData};

/// Where spans go.
///
/// It is called on a thread of its own and may block; that thread belongs to nobody's runtime. While it is busy the spans that
/// come in wait in a bounded queue.
pub trait SpanExporter: Send + 'static {
    /// Sends a batch. Spans may be taken out of it; what is left is used again for spans to come.
    ///
    /// # Errors
    ///
    /// The batch counts as dropped. It is not given again: an exporter that wants to try again does so itself.
    fn export(&mut self, batch: &mut Vec<SpanData>) -> Result<(), ExportError>;

    /// Learns whose spans they are, before the first batch.
    fn start(&mut self, _resource: &Resource) {}

    /// Sends what it has kept back. Default: nothing is kept back.
    ///
    /// # Errors
    ///
    /// Something could not be sent.
    fn flush(&mut self) -> Result<(), ExportError> {
        Ok(())
    }

    /// Says goodbye, after the last batch; `deadline` is how long it may take.
    ///
    /// # Errors
    ///
    /// Something could not be sent.
    fn shutdown(&mut self, _deadline: Duration) -> Result<(), ExportError> {
        self.flush()
    }
}

/// Whose spans, metrics and logs they are: `service.name`, `deployment.environment.name` and the like.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Resource {
    /// The attributes.
    pub attributes: Vec<Attribute>,
}

impl Resource {
    /// A resource of that service.
    pub fn service(name: impl Into<String>) -> Self {
        Self::default().with(Attribute::new("service.name", name.into()))
    }

    /// The same with one more attribute, in place of the one of that key if there is one.
    #[must_use]
    pub fn with(mut self, attribute: Attribute) -> Self {
        self.attributes.retain(|known| known.key != attribute.key);
        self.attributes.push(attribute);
        self
    }
}

/// A batch that could not be sent.
#[derive(Debug)]
pub struct ExportError {
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl ExportError {
    /// An error for that reason.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// The same, caused by another error.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for ExportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}
