use std::time::{SystemTime, UNIX_EPOCH};

use super::SpanRecord;
use crate::clock;

/// What is added to a reading of the policies' clock for the time of day.
///
/// Durations are the clock's own. Where the time of day runs away from it, by a correction or by drift, the difference is taken
/// anew, but not for less than a millisecond: the spans of one call are then in order, whichever batch they are in.
pub(super) struct Wall {
    offset: u64,
}

/// How far the two may be apart, in nanoseconds.
const SLACK: u64 = 1_000_000;

impl Wall {
    pub(super) fn new() -> Self {
        Self { offset: offset() }
    }

    pub(super) fn adjust(&mut self) {
        let now = offset();
        if now.wrapping_sub(self.offset).cast_signed().unsigned_abs() > SLACK {
            self.offset = now;
        }
    }

    pub(super) fn convert(&self, data: &mut SpanRecord) {
        data.start = data.start.wrapping_add(self.offset);
        data.end = data.end.wrapping_add(self.offset);
        for event in &mut data.events {
            event.time = event.time.wrapping_add(self.offset);
        }
    }
}

fn offset() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    clock::nanos(since).wrapping_sub(clock::now().as_nanos())
}
