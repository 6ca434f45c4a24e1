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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mainstay_runtime::{bulkhead::BulkheadConfig, circuit_breaker::CircuitBreaker};
    use serde_json::Value;

    use super::*;
    use crate::book::Book;

    /// What a page knows: values by policy and number, and phases.
    type Known = (BTreeMap<(u64, u64), f64>, BTreeMap<u64, String>);

    fn learn(known: &mut Known, sample: &Value) {
        for row in sample["v"].as_array().unwrap() {
            let row = row.as_array().unwrap();
            for pair in row[1..].chunks(2) {
                let place = (row[0].as_u64().unwrap(), pair[0].as_u64().unwrap());
                known.0.insert(place, pair[1].as_f64().unwrap());
            }
        }
        for phase in sample["s"].as_array().unwrap() {
            known.1.insert(phase[0].as_u64().unwrap(), phase[1].as_str().unwrap().to_owned());
        }
    }

    fn since(earlier: Option<&Sample>, later: &Sample) -> Value {
        let mut text = String::new();
        later.write_since(earlier, &mut text);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn who_skips_samples_knows_in_the_end_what_everybody_knows() {
        let places = BulkheadConfig::new(64).register("past.places").unwrap();
        let breaker = CircuitBreaker::builder().register("past.breaker").unwrap();
        let book = Arc::new(Book::default()).renewed();
        let mut inside = Vec::new();
        let mut samples = vec![Arc::new(Sample::take(&book))];
        let mut past = Past::new(Arc::clone(&samples[0]));
        // More than are kept, so that the oldest have to go on.
        for round in 0..SAMPLES + 40 {
            match round % 3 {
                0 => inside.push(places.try_enter()),
                1 if round % 2 == 0 => inside.clear(),
                _ => breaker.force_open(),
            }
            if round % 7 == 0 {
                breaker.resume();
            }
            let sample = Arc::new(Sample::take(&book));
            past.add(&sample);
            samples.push(sample);
        }
        let (mut all, mut some, mut late) = (Known::default(), Known::default(), Known::default());
        let mut before: Option<&Sample> = None;
        for sample in &samples {
            learn(&mut all, &since(before, sample));
            before = Some(sample);
        }
        let mut before: Option<&Sample> = None;
        for sample in samples.iter().step_by(19).chain(samples.last()) {
            learn(&mut some, &since(before, sample));
            before = Some(sample);
        }
        let mut text = String::new();
        let latest = past.write(&mut text);
        let told: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(told.as_array().unwrap().len(), SAMPLES + 1);
        told.as_array().unwrap().iter().for_each(|sample| learn(&mut late, sample));
        assert!(Arc::ptr_eq(&latest, samples.last().unwrap()));
        // A value that was never anything but zero is not told; one that became zero is.
        let known = |(values, phases): Known| {
            (values.into_iter().filter(|(_, value)| *value != 0.0).collect::<BTreeMap<_, _>>(), phases)
        };
        let all = known(all);
        assert_eq!(all, known(some));
        assert_eq!(all, known(late));
    }
}
