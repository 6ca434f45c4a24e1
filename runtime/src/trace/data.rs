use std::{
    borrow::Cow,
    fmt,
    ops::{Deref, DerefMut},
};

use super::{Attribute, AttributeValue, SpanContext, SpanId, stack::Run};

/// What part a span has in a conversation of processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SpanKind {
    /// Work inside this process.
    #[default]
    Internal,
    /// The answer to a request of another process.
    Server,
    /// A request to another process.
    Client,
    /// A message sent, to be taken later.
    Producer,
    /// A message taken.
    Consumer,
}

/// How a span ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Status {
    /// Nothing is said.
    #[default]
    Unset,
    /// Somebody has looked and found it good.
    Ok,
    /// It failed, for the reason given if there is one to give.
    Error(Cow<'static, str>),
}

/// Something that happened during a span.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SpanEvent {
    /// What happened.
    pub name: Cow<'static, str>,
    /// When, in nanoseconds since the Unix epoch.
    pub time: u64,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// How many attributes there was no room for.
    pub dropped_attributes: u32,
}

impl SpanEvent {
    /// An event without attributes.
    pub fn new(name: impl Into<Cow<'static, str>>, time: u64) -> Self {
        Self { name: name.into(), time, attributes: Vec::new(), dropped_attributes: 0 }
    }
}

/// What an exporter gets of a span that has ended. Times are in nanoseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SpanRecord {
    /// Which span it is.
    pub context: SpanContext,
    /// Its parent; `None` for the root of a trace.
    pub parent: Option<SpanId>,
    /// Whether the parent is of another process.
    pub parent_is_remote: bool,
    /// Its name.
    pub name: Cow<'static, str>,
    /// Its part in a conversation.
    pub kind: SpanKind,
    /// When it began.
    pub start: u64,
    /// When it ended, not before it began.
    pub end: u64,
    /// Its attributes. A key stands once.
    pub attributes: Vec<Attribute>,
    /// What happened meanwhile, in order.
    pub events: Vec<SpanEvent>,
    /// Spans of other traces that it has to do with.
    pub links: Vec<SpanContext>,
    /// How it ended.
    pub status: Status,
    /// The library or part of the program it was made by: the name given to [`tracer`](super::tracer).
    pub scope: &'static str,
    /// The annotated function, for the attributes `code.*`.
    pub code: Option<&'static Code>,
    /// How many attributes there was no room for.
    pub dropped_attributes: u32,
    /// How many events there was no room for.
    pub dropped_events: u32,
    /// How many links there was no room for.
    pub dropped_links: u32,
    /// The policy that refused the call last, and how, until something else has answered.
    pub(super) refusal: Option<(String, &'static str)>,
}

/// Where in the source a span is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Code {
    /// Module path and name of the function: `code.function.name`.
    pub function: &'static str,
    /// The file: `code.file.path`.
    pub file: &'static str,
    /// The line in it: `code.line.number`.
    pub line: u32,
}

impl Code {
    /// That place.
    pub const fn new(function: &'static str, file: &'static str, line: u32) -> Self {
        Self { function, file, line }
    }
}

/// As many attributes, events and links a span keeps each, and as many attributes an event: OpenTelemetry's defaults.
pub(super) const MOST: usize = 128;

impl SpanRecord {
    /// A span of no time, without a parent, attributes or events.
    pub fn new(name: impl Into<Cow<'static, str>>, context: SpanContext) -> Self {
        Self {
            context,
            parent: None,
            parent_is_remote: false,
            name: name.into(),
            kind: SpanKind::Internal,
            start: 0,
            end: 0,
            attributes: Vec::new(),
            events: Vec::new(),
            links: Vec::new(),
            status: Status::Unset,
            scope: super::SCOPE,
            code: None,
            dropped_attributes: 0,
            dropped_events: 0,
            dropped_links: 0,
            refusal: None,
        }
    }

    /// The value of an attribute.
    pub fn attribute(&self, key: &str) -> Option<&AttributeValue> {
        self.attributes.iter().find(|attribute| attribute.key == key).map(|attribute| &attribute.value)
    }

    /// Sets an attribute, in place of the one of that key if there is one.
    pub fn set_attribute(&mut self, attribute: Attribute) {
        if let Some(known) = self.attributes.iter_mut().find(|known| known.key == attribute.key) {
            known.value = attribute.value;
        } else if self.attributes.len() < MOST {
            self.attributes.push(attribute);
        } else {
            self.dropped_attributes = self.dropped_attributes.saturating_add(1);
        }
    }

    /// Adds an event.
    pub fn add_event(&mut self, mut event: SpanEvent) {
        if self.events.len() >= MOST {
            self.dropped_events = self.dropped_events.saturating_add(1);
            return;
        }
        let over = event.attributes.len().saturating_sub(MOST);
        event.attributes.truncate(MOST);
        event.dropped_attributes =
            event.dropped_attributes.saturating_add(u32::try_from(over).unwrap_or(u32::MAX));
        self.events.push(event);
    }

    /// Adds a link.
    pub fn add_link(&mut self, link: SpanContext) {
        if self.links.len() < MOST {
            self.links.push(link);
        } else {
            self.dropped_links = self.dropped_links.saturating_add(1);
        }
    }
}

/// A span that has ended, in one word: see [`SpanRecord`] for what is in it.
pub struct SpanData(pub(super) Box<Held>);

/// What lies in the box: the record, and what is known of the span only while it runs.
pub(super) struct Held {
    pub(super) record: SpanRecord,
    pub(super) run: Run,
}

impl From<SpanRecord> for SpanData {
    fn from(record: SpanRecord) -> Self {
        Self(Box::new(Held { record, run: Run::new() }))
    }
}

impl Deref for SpanData {
    type Target = SpanRecord;
    #[inline]
    fn deref(&self) -> &SpanRecord {
        &self.0.record
    }
}

impl DerefMut for SpanData {
    #[inline]
    fn deref_mut(&mut self) -> &mut SpanRecord {
        &mut self.0.record
    }
}

impl Clone for SpanData {
    fn clone(&self) -> Self {
        self.0.record.clone().into()
    }
}

impl PartialEq for SpanData {
    fn eq(&self, other: &Self) -> bool {
        self.0.record == other.0.record
    }
}

impl fmt::Debug for SpanData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SpanData").field(&self.0.record).finish()
    }
}
