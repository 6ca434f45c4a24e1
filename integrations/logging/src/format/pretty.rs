use std::{fmt::Write, time::SystemTime};

use tracing::Level;

use super::{Format, escape, time::clock};
use crate::{
    filter::SERVICE,
    record::{Field, Record, Value},
};

/// A line to be read by people: the time in UTC or in the zone of the machine, the level, the message, then what belongs to it.
///
/// Further lines of a message, and values of several lines, follow below under a bar, so that no text can pass for a line of
/// its own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pretty {
    colours: bool,
    #[cfg(feature = "local-time")]
    is_local: bool,
}

impl Pretty {
    /// With or without colours.
    pub const fn new(colours: bool) -> Self {
        Self {
            colours,
            #[cfg(feature = "local-time")]
            is_local: false,
        }
    }

    /// The same with the time of the machine's zone, by `TZ` or `/etc/localtime`; UTC where there is none.
    #[cfg(feature = "local-time")]
    #[must_use]
    pub const fn local_time(mut self) -> Self {
        self.is_local = true;
        self
    }

    #[cfg(feature = "local-time")]
    fn shown(self, time: SystemTime) -> SystemTime {
        if self.is_local { super::time::on_the_wall(time) } else { time }
    }

    #[cfg(not(feature = "local-time"))]
    fn shown(self, time: SystemTime) -> SystemTime {
        time
    }

    pub(crate) const fn with_colours(mut self, colours: bool) -> Self {
        self.colours = colours;
        self
    }

    fn painted(self, colour: &str, text: impl FnOnce(&mut String), line: &mut String) {
        if self.colours && !colour.is_empty() {
            let _ = write!(line, "\u{1b}[{colour}m");
            text(line);
            line.push_str("\u{1b}[0m");
        } else {
            text(line);
        }
    }
}

const DIM: &str = "2";
const BOLD: &str = "1";
/// Where messages begin: after the time and the level.
const BELOW: &str = "\n                   ";

impl Format for Pretty {
    fn write(&self, record: &Record<'_>, line: &mut String) {
        let (level, colour) = match record.level {
            Level::INFO if record.is_success => ("   OK", "32"),
            Level::ERROR => ("ERROR", "1;31"),
            Level::WARN => (" WARN", "33"),
            Level::INFO => (" INFO", "32"),
            Level::DEBUG => ("DEBUG", "34"),
            Level::TRACE => ("TRACE", "35"),
        };
        // Writing to a text never fails, here and below.
        self.painted(DIM, |line| line.push_str(&clock(self.shown(record.time)).to_string()), line);
        line.push(' ');
        self.painted(colour, |line| line.push_str(level), line);
        line.push(' ');
        let mut message = lines(record.message);
        let emphasis = if record.level <= Level::WARN { BOLD } else { "" };
        self.painted(emphasis, |line| escape::plain(message.next().unwrap_or_default(), line), line);
        let (below, beside): (Vec<_>, Vec<_>) = record.fields.iter().partition(|field| is_long(&field.value));
        for field in beside {
            line.push_str("  ");
            self.field(field, line);
        }
        self.painted(DIM, |line| origin(record, line), line);
        for more in message {
            self.below(more, line);
        }
        for field in below {
            self.long(field, line);
        }
        line.push('\n');
    }
}

impl Pretty {
    fn field(self, Field { name, value }: &Field, line: &mut String) {
        self.painted(DIM, |line| escape::plain(name, line), line);
        line.push('=');
        let _ = match value {
            Value::Bool(value) => write!(line, "{value}"),
            Value::Int(value) => write!(line, "{value}"),
            Value::Uint(value) => write!(line, "{value}"),
            Value::Float(value) => write!(line, "{value:?}"),
            Value::Text(text) => return word(text, line),
            Value::Error(chain) => return word(&chain.join(": "), line),
        };
    }

    fn below(self, text: &str, line: &mut String) {
        line.push_str(BELOW);
        self.painted(DIM, |line| line.push_str("│ "), line);
        escape::plain(text, line);
    }

    fn long(self, Field { name, value }: &Field, line: &mut String) {
        let (first, more): (&str, &[String]) = match value {
            Value::Text(text) => (text, &[]),
            Value::Error(chain) => match chain.split_first() {
                Some((first, more)) => (first, more),
                None => return,
            },
            _ => return,
        };
        let mut parts = lines(first);
        self.below(&format!("{name}: {}", parts.next().unwrap_or_default()), line);
        parts.for_each(|part| self.below(part, line));
        for cause in more {
            let mut parts = lines(cause);
            self.below(&format!("  caused by: {}", parts.next().unwrap_or_default()), line);
            parts.for_each(|part| self.below(&format!("    {part}"), line));
        }
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line))
}

/// Errors with causes, and what has several lines.
fn is_long(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.contains('\n'),
        Value::Error(chain) => chain.len() > 1 || chain.iter().any(|error| error.contains('\n')),
        _ => false,
    }
}

/// A text as it is, or quoted where its end could not be told.
fn word(text: &str, line: &mut String) {
    let is_plain = |c: char| !c.is_whitespace() && !matches!(c, '"' | '=' | ',' | ';');
    match !text.is_empty() && text.chars().all(is_plain) {
        true => escape::plain(text, line),
        false => {
            line.push('"');
            escape::plain(&text.replace('"', "\\\""), line);
            line.push('"');
        }
    }
}

/// Where the line comes from, within parentheses: the target, the spans, the request.
fn origin(record: &Record<'_>, line: &mut String) {
    line.push_str("  (");
    // What all of a service's code logs through its logger comes from the service.
    escape::plain(if record.target == SERVICE { record.service } else { record.target }, line);
    for span in record.spans {
        line.push_str(" › ");
        escape::plain(span.name, line);
        if !span.fields.is_empty() {
            line.push('{');
            for (at, field) in span.fields.iter().enumerate() {
                line.push_str(if at == 0 { "" } else { " " });
                Pretty::new(false).field(field, line);
            }
            line.push('}');
        }
    }
    if let Some(context) = record.context {
        let _ = write!(line, ", request {}", beginning(context.request_id().as_str()));
        if context.request_id() != context.correlation_id() {
            let _ = write!(line, " of {}", beginning(context.correlation_id().as_str()));
        }
    }
    if let Some(span) = record.span {
        let _ = write!(line, ", trace {}", span.trace_id);
    }
    line.push(')');
}

/// The first part of an id made by a machine: enough to tell requests apart.
fn beginning(id: &str) -> &str {
    if id.len() == 36 { id.get(..8).unwrap_or(id) } else { id }
}
