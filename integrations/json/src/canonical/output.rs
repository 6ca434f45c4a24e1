use std::{cmp::Ordering, fmt::Write, ops::Range};

use super::{CanonicalError, number};

/// Canonical JSON as it grows. Members are written where they come; an object that is not in order when it ends is put in
/// order then.
#[derive(Debug)]
pub(crate) struct Output {
    text: String,
    /// The members of all objects that are open, those of the innermost last.
    members: Vec<Member>,
    /// Their names without escapes.
    names: String,
    /// Where members are put in order.
    scratch: String,
}

/// One member of an object.
#[derive(Debug, Clone)]
struct Member {
    name: Range<usize>,
    /// Its name and its value in the text, without a comma.
    text: Range<usize>,
}

/// An object that is open.
#[derive(Debug)]
pub(crate) struct Frame {
    text: usize,
    members: usize,
    names: usize,
}

impl Output {
    pub(crate) fn new() -> Self {
        Self {
            text: String::with_capacity(256),
            members: Vec::with_capacity(16),
            names: String::with_capacity(128),
            scratch: String::with_capacity(128),
        }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// Writes what is canonical JSON, or a piece of it.
    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes an integer in full.
    pub(super) fn integer(&mut self, integer: impl std::fmt::Display) {
        // Writing to a string never fails.
        let _ = write!(self.text, "{integer}");
    }

    pub(super) fn float<F: ryu_js::Float>(
        &mut self,
        float: F,
        is_finite: bool,
    ) -> Result<(), CanonicalError> {
        if !is_finite {
            return Err(CanonicalError::new("JSON has no number that is infinite or none"));
        }
        self.text.push_str(ryu_js::Buffer::new().format_finite(float));
        Ok(())
    }

    /// Writes a number that comes as text.
    pub(super) fn decimal(&mut self, text: &str) -> Result<(), CanonicalError> {
        match number::read(text)? {
            number::Number::Integer(digits) => self.text.push_str(digits),
            number::Number::Float(float) => self.float(float, float.is_finite())?,
        }
        Ok(())
    }

    pub(crate) fn string(&mut self, string: &str) {
        self.text.push('"');
        let mut plain = 0;
        for (at, byte) in string.bytes().enumerate() {
            if byte >= b' ' && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.text.push_str(&string[plain..at]);
            plain = at + 1;
            match byte {
                b'"' => self.text.push_str("\\\""),
                b'\\' => self.text.push_str("\\\\"),
                0x08 => self.text.push_str("\\b"),
                0x09 => self.text.push_str("\\t"),
                0x0a => self.text.push_str("\\n"),
                0x0c => self.text.push_str("\\f"),
                0x0d => self.text.push_str("\\r"),
                control => {
                    let _ = write!(self.text, "\\u{control:04x}");
                }
            }
        }
        self.text.push_str(&string[plain..]);
        self.text.push('"');
    }

    pub(crate) fn begin_object(&mut self) -> Frame {
        self.text.push('{');
        Frame { text: self.text.len(), members: self.members.len(), names: self.names.len() }
    }

    /// Writes a member's name; its value follows, and [`Output::end_member`].
    pub(crate) fn begin_member(&mut self, frame: &Frame, name: &str) {
        if self.members.len() > frame.members {
            self.text.push(',');
        }
        let (start, at) = (self.names.len(), self.text.len());
        self.names.push_str(name);
        self.string(name);
        self.text.push(':');
        self.members.push(Member { name: start..self.names.len(), text: at..at });
    }

    pub(crate) fn end_member(&mut self) {
        let end = self.text.len();
        if let Some(member) = self.members.last_mut() {
            member.text.end = end;
        }
    }

    /// # Errors
    /// Two members have one name.
    pub(crate) fn end_object(&mut self, frame: &Frame) -> Result<(), CanonicalError> {
        let Self { text, members, names, scratch } = self;
        let own = members.get_mut(frame.members..).unwrap_or_default();
        let order = |a: &Member, b: &Member| in_utf16(&names[a.name.clone()], &names[b.name.clone()]);
        if !own.is_sorted_by(|a, b| order(a, b).is_lt()) {
            own.sort_by(order);
            if let Some(twice) = own.windows(2).find(|pair| order(&pair[0], &pair[1]).is_eq()) {
                let name = &names[twice[0].name.clone()];
                return Err(CanonicalError::new(format!("the name {name:?} occurs twice in one object")));
            }
            scratch.clear();
            for (nth, member) in own.iter().enumerate() {
                if nth > 0 {
                    scratch.push(',');
                }
                scratch.push_str(&text[member.text.clone()]);
            }
            text.truncate(frame.text);
            text.push_str(scratch);
        }
        text.push('}');
        members.truncate(frame.members);
        names.truncate(frame.names);
        Ok(())
    }
}

/// By UTF-16 code units, in which what lies beyond U+FFFF comes before U+E000.
fn in_utf16(a: &str, b: &str) -> Ordering {
    if a.is_ascii() || b.is_ascii() {
        return a.cmp(b);
    }
    a.encode_utf16().cmp(b.encode_utf16())
}
