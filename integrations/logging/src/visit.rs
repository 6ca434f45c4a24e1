use std::{
    error::Error,
    fmt::{self, Write},
    panic::{AssertUnwindSafe, catch_unwind},
};

use tracing::field::{Field as Name, Visit};

use crate::{
    record::{Field, Value},
    redact::{REDACTED, Redactor},
};

/// The most bytes that one value may have.
const LONGEST: usize = 32 * 1024;
/// The most errors of a chain that are written.
const DEEPEST: usize = 16;

/// Takes the fields of an event or of a span, without what is secret.
pub(crate) struct Fields<'c> {
    redactor: &'c Redactor,
    pub(crate) message: String,
    pub(crate) fields: Vec<Field>,
}

impl<'c> Fields<'c> {
    pub(crate) fn new(redactor: &'c Redactor) -> Self {
        Self { redactor, message: String::new(), fields: Vec::new() }
    }

    /// Adds to the fields of a span.
    pub(crate) fn onto(redactor: &'c Redactor, fields: Vec<Field>) -> Self {
        Self { fields, ..Self::new(redactor) }
    }

    fn put(&mut self, name: &'static str, value: Value) {
        // What the bridge from `log` says about the record is in its metadata.
        if name.starts_with("log.") {
            return;
        }
        let name = name.strip_prefix("r#").unwrap_or(name);
        match self.fields.iter_mut().find(|field| field.name == name) {
            Some(field) => field.value = value,
            None => self.fields.push(Field::new(name, value)),
        }
    }

    fn number(&mut self, name: &Name, value: Value) {
        let is_secret = self.redactor.is_secret(name.name(), true);
        self.put(name.name(), if is_secret { Value::Text(REDACTED.into()) } else { value });
    }

    fn text(&mut self, name: &Name, text: impl FnOnce() -> String) {
        if name.name() == "message" {
            self.message = self.redactor.clean(text());
        } else if self.redactor.is_secret(name.name(), false) {
            self.put(name.name(), Value::Text(REDACTED.into()));
        } else {
            let text = self.redactor.clean(text());
            self.put(name.name(), Value::Text(text));
        }
    }
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, name: &Name, value: &dyn fmt::Debug) {
        self.text(name, || written(format_args!("{value:?}")));
    }

    fn record_str(&mut self, name: &Name, value: &str) {
        self.text(name, || match value.len() {
            0..LONGEST => value.to_owned(),
            _ => written(format_args!("{value}")),
        });
    }

    fn record_bool(&mut self, name: &Name, value: bool) {
        self.number(name, Value::Bool(value));
    }

    fn record_i64(&mut self, name: &Name, value: i64) {
        self.number(name, Value::Int(value));
    }

    fn record_u64(&mut self, name: &Name, value: u64) {
        self.number(name, Value::Uint(value));
    }

    fn record_f64(&mut self, name: &Name, value: f64) {
        self.number(name, Value::Float(value));
    }

    fn record_error(&mut self, name: &Name, value: &(dyn Error + 'static)) {
        if self.redactor.is_secret(name.name(), false) {
            return self.put(name.name(), Value::Text(REDACTED.into()));
        }
        let (mut chain, mut next) = (Vec::new(), Some(value));
        while let Some(error) = next.filter(|_| chain.len() < DEEPEST) {
            chain.push(self.redactor.clean(written(format_args!("{error}"))));
            next = catch_unwind(AssertUnwindSafe(|| error.source())).ok().flatten();
        }
        self.put(name.name(), Value::Error(chain));
    }
}

/// What the user's formatting writes: as much as a line may hold, and whatever it does.
pub(crate) fn written(arguments: fmt::Arguments<'_>) -> String {
    let mut text = Bounded { text: String::new(), left_out: 0 };
    match catch_unwind(AssertUnwindSafe(|| text.write_fmt(arguments))) {
        Ok(Ok(())) => {}
        Ok(Err(_)) => text.text.push_str("[failed to format]"),
        Err(_) => text.text = "[panicked while formatting]".into(),
    }
    if text.left_out > 0 {
        // Writing to a text never fails.
        let _ = write!(text.text, "… [{} bytes left out]", text.left_out);
    }
    text.text
}

struct Bounded {
    text: String,
    left_out: usize,
}

impl Write for Bounded {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        if self.left_out == 0 && self.text.len() + more.len() <= LONGEST {
            self.text.push_str(more);
            return Ok(());
        }
        let room = LONGEST.saturating_sub(self.text.len());
        let taken = if self.left_out > 0 { 0 } else { more.floor_char_boundary(room) };
        self.text.push_str(&more[..taken]);
        self.left_out += more.len() - taken;
        Ok(())
    }
}
