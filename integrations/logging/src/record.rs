use std::{borrow::Cow, time::SystemTime};

use mainstay_runtime::{context::Context, trace::SpanContext};
use tracing::Level;

/// A line before it is written: what was logged, where and for which request. Secrets are taken out already; control
/// characters are not, because how they are written is up to the format.
#[derive(Debug)]
#[non_exhaustive]
pub struct Record<'r> {
    /// When.
    pub time: SystemTime,
    /// How serious it is.
    pub level: Level,
    /// Whether it reports a success: what [`SystemReporter::success`](crate::SystemReporter::success) writes.
    pub is_success: bool,
    /// The service that logs.
    pub service: &'r str,
    /// Where the service runs, such as `production`.
    pub environment: &'r str,
    /// The part of the program, as a rule the path of the module.
    pub target: &'r str,
    /// What happened.
    pub message: &'r str,
    /// What else was said, in the order in which it was written.
    pub fields: &'r [Field],
    /// The spans of `tracing` that the line lies in, the outermost first.
    pub spans: &'r [Span],
    /// The ids of the request.
    pub context: Option<&'r Context>,
    /// The span that the line lies in: of Mainstay, or of another library that is connected to it.
    pub span: Option<SpanContext>,
    /// The file and the line of the source.
    pub place: Option<(&'r str, u32)>,
}

/// A named value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Field {
    /// Its name.
    pub name: Cow<'static, str>,
    /// What it holds.
    pub value: Value,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number.
    Uint(u64),
    /// A number.
    Float(f64),
    /// Anything else, as text.
    Text(String),
    /// An error and what caused it, one after the other.
    Error(Vec<String>),
}

/// A span of `tracing` with its fields.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Span {
    /// Its name.
    pub name: &'static str,
    /// Its fields.
    pub fields: Vec<Field>,
}

impl Field {
    pub(crate) fn new(name: impl Into<Cow<'static, str>>, value: Value) -> Self {
        Self { name: name.into(), value }
    }
}
