//! The samples of the last minutes: the oldest one, and what changed from each to the next.

use std::{collections::VecDeque, sync::Arc};

use crate::sample::Sample;

/// How many are kept.
const SAMPLES: usize = 180;
/// How long they may be together, written as JSON.
const BYTES: usize = 1 << 20;

#[derive(Debug)]
pub(crate) struct Past {
    /// The sample from which the first of the changes start.
    oldest: Arc<Sample>,
    changes: VecDeque<Change>,
    bytes: usize,
    latest: Arc<Sample>,
}

/// What changed, as JSON, and how to get on from the sample before.
#[derive(Debug)]
struct Change {
    text: String,
    /// The values that changed, by their places.
    values: Vec<(u32, f64)>,
    phases: Vec<Option<&'static str>>,
    at: u64,
}

impl Past {
    pub(crate) fn new(first: Arc<Sample>) -> Self {
        Self { oldest: Arc::clone(&first), changes: VecDeque::new(), bytes: 0, latest: first }
    }

    pub(crate) fn add(&mut self, sample: &Arc<Sample>) {
        let mut text = String::new();
        sample.write_since(Some(&self.latest), &mut text);
        text.shrink_to_fit();
        self.bytes += text.len();
        self.changes.push_back(Change {
            text,
            values: sample.values_since(&self.latest),
            phases: sample.phases.clone(),
            at: sample.at,
        });
        self.latest = Arc::clone(sample);
        while self.changes.len() > SAMPLES || (self.bytes > BYTES && self.changes.len() > 1) {
            let Some(first) = self.changes.pop_front() else { break };
            self.bytes -= first.text.len();
            let book = &sample.book;
            let mut values = self.oldest.values.clone();
            values.resize(book.width, 0.0);
            for (place, value) in first.values {
                if let Some(kept) = values.get_mut(place as usize) {
                    *kept = value;
                }
            }
            let book = Arc::clone(book);
            self.oldest = Arc::new(Sample { book, at: first.at, values, phases: first.phases });
        }
    }

    /// All of them as a JSON array, and the last one.
    pub(crate) fn write(&self, out: &mut String) -> Arc<Sample> {
        out.push('[');
        self.oldest.write_since(None, out);
        for change in &self.changes {
            out.push(',');
            out.push_str(&change.text);
        }
        out.push(']');
        Arc::clone(&self.latest)
    }
}
