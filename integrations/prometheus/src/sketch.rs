//! Quantiles of the last few minutes.

use std::time::Duration;

use mainstay_runtime::clock::Instant;
use sketches_ddsketch::{Config, DDSketch};

/// In how many parts the time is divided, of which the oldest is forgotten at once.
const PARTS: usize = 5;

/// A sketch for each part of the time, and the sum and count of all time.
pub(crate) struct Sketch {
    parts: [(u64, DDSketch); PARTS],
    sum: f64,
    count: u64,
}

/// The part of the time in which an instant lies.
pub(crate) fn part_of(now: Instant, age: Duration) -> u64 {
    let nanos = u64::try_from(age.as_nanos()).unwrap_or(u64::MAX) / PARTS as u64;
    // Parts are numbered from far above zero, so that the one that is too old is a number too.
    now.as_nanos() / nanos.max(1) + PARTS as u64
}

impl Sketch {
    pub(crate) fn new() -> Self {
        Self { parts: std::array::from_fn(|_| (0, empty())), sum: 0.0, count: 0 }
    }

    pub(crate) fn add(&mut self, part: u64, value: f64) {
        self.count += 1;
        self.sum += value;
        let slot = (part % PARTS as u64) as usize;
        if let Some((number, sketch)) = self.parts.get_mut(slot) {
            if *number != part {
                (*number, *sketch) = (part, empty());
            }
            sketch.add(value);
        }
    }

    /// Adds what it knows of the last few minutes to another's.
    pub(crate) fn merge_into(&self, part: u64, all: &mut DDSketch) -> (f64, u64) {
        let is_recent = |number: u64| number + PARTS as u64 > part && number <= part;
        for (_, sketch) in self.parts.iter().filter(|(number, _)| is_recent(*number)) {
            // They are configured alike, which is all that can be wrong.
            let _ = all.merge(sketch);
        }
        (self.sum, self.count)
    }
}

/// One per cent off at most, in two thousand bins at most.
pub(crate) fn empty() -> DDSketch {
    DDSketch::new(Config::defaults())
}
