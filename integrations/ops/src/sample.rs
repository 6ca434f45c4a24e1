//! The numbers of all policies at one moment, and what changed between two.

use std::{fmt::Write as _, sync::Arc};

use crate::{book::Book, wall};

#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) book: Arc<Book>,
    /// Milliseconds since 1970.
    pub(crate) at: u64,
    pub(crate) values: Vec<f64>,
    pub(crate) phases: Vec<Option<&'static str>>,
}

impl Sample {
    /// The numbers now.
    pub(crate) fn take(book: &Arc<Book>) -> Self {
        let mut values = Vec::with_capacity(book.width);
        let mut phases = Vec::with_capacity(book.policies.len());
        for entry in &book.policies {
            let (policy, end) = (entry.policy(), entry.from + entry.width());
            phases.push(policy.phase());
            values.extend(policy.readings().iter().map(|reading| tidy(reading.value())));
            if let Some(durations) = policy.durations().filter(|_| entry.bounds.is_some()) {
                values.extend(durations.counts().iter().map(|count| *count as f64));
                values.push(tidy(durations.sum()));
            }
            // Whatever a policy gives, the next one's values begin where they are looked for.
            values.resize(end, 0.0);
        }
        Self { book: Arc::clone(book), at: wall::now(), values, phases }
    }

    /// The values that differ from an earlier sample's, by their places.
    pub(crate) fn values_since(&self, earlier: &Self) -> Vec<(u32, f64)> {
        let then = |at: usize| earlier.values.get(at).copied().unwrap_or(0.0);
        let differing = self.values.iter().enumerate().filter(|(at, value)| **value != then(*at));
        differing.map(|(at, value)| (u32::try_from(at).unwrap_or(u32::MAX), *value)).collect()
    }

    /// What changed since an earlier sample, as JSON; everything, since none. Values are written as they are now, so that
    /// samples in between may be left out.
    pub(crate) fn write_since(&self, earlier: Option<&Self>, out: &mut String) {
        let then = |at: usize| earlier.and_then(|earlier| earlier.values.get(at)).copied().unwrap_or(0.0);
        // A `String` takes all that is written to it.
        let _ = write!(out, "{{\"t\":{},\"v\":[", self.at);
        let mut first = true;
        for (index, entry) in self.book.policies.iter().enumerate() {
            let values = self.values.get(entry.from..entry.from + entry.width()).unwrap_or_default();
            let mut begun = false;
            for (number, value) in values.iter().enumerate() {
                if *value == then(entry.from + number) {
                    continue;
                }
                if !begun {
                    let _ = write!(out, "{}[{index}", if first { "" } else { "," });
                    (first, begun) = (false, true);
                }
                let _ = write!(out, ",{number},{value}");
            }
            if begun {
                out.push(']');
            }
        }
        out.push_str("],\"s\":[");
        let mut separator = "";
        for (index, phase) in self.phases.iter().enumerate() {
            let before = earlier.and_then(|earlier| earlier.phases.get(index)).copied().flatten();
            if let Some(phase) = phase.filter(|phase| Some(*phase) != before) {
                let _ = write!(out, "{separator}[{index},\"{phase}\"]");
                separator = ",";
            }
        }
        out.push_str("]}");
    }
}

/// Finite, and no longer than it needs to be.
fn tidy(value: f64) -> f64 {
    if !value.is_finite() {
        return 0.0;
    }
    if value.fract() == 0.0 { value } else { (value * 1e4).round() / 1e4 }
}
