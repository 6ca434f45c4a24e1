//! The error of all tests here, and what is asked of spans.

use std::{
    fmt::Write,
    sync::{Arc, Mutex},
};

use mainstay::trace::{AttributeValue, SpanRecord};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("connection reset")]
    Reset,
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

pub(crate) type Answer<T = u32> = Result<T, Failure>;

/// The attribute as a text.
pub(crate) fn text(span: &SpanRecord, key: &str) -> Option<String> {
    span.attribute(key).map(AttributeValue::to_string)
}

/// The names of the events.
pub(crate) fn events(span: &SpanRecord) -> Vec<&str> {
    span.events.iter().map(|event| &*event.name).collect()
}

/// A subscriber of `tracing` that writes down what it is told of the spans of one name, from `level` on.
#[derive(Clone)]
pub(crate) struct Log {
    lines: Arc<Mutex<Vec<String>>>,
    level: tracing::Level,
    name: &'static str,
}

impl Log {
    pub(crate) fn of(name: &'static str, level: tracing::Level) -> Self {
        Self { lines: Arc::default(), level, name }
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    fn write(&self, line: String) {
        self.lines.lock().unwrap().push(line);
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.level
            && (metadata.name() == self.name || metadata.target() == "mainstay::trace_span")
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields(String::new());
        span.record(&mut fields);
        self.write(format!("new {}{}", span.metadata().name(), fields.0));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        let span = mainstay::trace::current().map(|span| format!(" span_id={}", span.span_id));
        self.write(format!("event{}{}", fields.0, span.unwrap_or_default()));
    }
    fn enter(&self, _: &Id) {
        self.write("enter".to_owned());
    }
    fn exit(&self, _: &Id) {
        self.write("exit".to_owned());
    }
    fn try_close(&self, _: Id) -> bool {
        self.write("close".to_owned());
        true
    }
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}
