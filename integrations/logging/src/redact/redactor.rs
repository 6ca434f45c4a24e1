use std::{borrow::Cow, ops::Range};

use super::{
    REDACTED, SecretNames,
    scan::{Rules, scan},
};

/// Takes secrets out of fields and texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Redactor {
    pub(crate) names: SecretNames,
    pub(crate) rules: Rules,
    /// Texts that are secret wherever they stand.
    values: Vec<String>,
    off: bool,
}

/// Shorter texts are no secrets that could be told from words.
const SHORTEST_VALUE: usize = 4;

impl Redactor {
    pub(crate) fn hide(&mut self, value: String) {
        if value.len() >= SHORTEST_VALUE {
            self.values.push(value);
            // The longest first, so that none is left over beside a shorter one within it.
            self.values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        }
    }

    pub(crate) fn turn_off(&mut self) {
        self.off = true;
    }

    /// Whether what a field of this name holds is secret as a whole.
    pub(crate) fn is_secret(&self, name: &str, is_number: bool) -> bool {
        !self.off && self.names.is_secret(name, is_number)
    }

    /// The text without secrets.
    pub(crate) fn clean(&self, text: String) -> String {
        if self.off {
            return text;
        }
        let text = self.values.iter().fold(text, |text, value| match text.contains(value.as_str()) {
            true => text.replace(value.as_str(), REDACTED),
            false => text,
        });
        match self.scanned(&text) {
            Cow::Owned(clean) => clean,
            Cow::Borrowed(_) => text,
        }
    }

    fn scanned<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut places: Vec<Range<usize>> = Vec::new();
        scan(text, &self.names, self.rules, |place| match places.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => places.push(place),
        });
        if places.is_empty() {
            return Cow::Borrowed(text);
        }
        let (mut clean, mut copied) = (String::with_capacity(text.len()), 0);
        for place in places {
            clean.push_str(text.get(copied..place.start).unwrap_or_default());
            clean.push_str(REDACTED);
            copied = place.end;
        }
        clean.push_str(text.get(copied..).unwrap_or_default());
        Cow::Owned(clean)
    }
}
