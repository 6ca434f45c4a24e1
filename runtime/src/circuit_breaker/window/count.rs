use super::{Sample, Tally};

/// Exactly the last so many outcomes, two bits each.
#[derive(Debug)]
pub(in crate::circuit_breaker) struct CountWindow {
    cells: Vec<u64>,
    capacity: u32,
    next: u32,
    tally: Tally,
}

const PER_CELL: u32 = 32;
const FAILED: u64 = 0b01;
const SLOW: u64 = 0b10;

impl CountWindow {
    pub(super) const fn new(capacity: u32) -> Self {
        Self { cells: Vec::new(), capacity, next: 0, tally: Tally::EMPTY }
    }

    pub(super) fn record(&mut self, sample: Sample) -> Tally {
        if self.cells.is_empty() {
            self.cells = vec![0; self.capacity.div_ceil(PER_CELL) as usize];
        }
        let shift = self.next % PER_CELL * 2;
        let Some(cell) = self.cells.get_mut((self.next / PER_CELL) as usize) else { return self.tally };
        if self.tally.total == u64::from(self.capacity) {
            let oldest = *cell >> shift;
            self.tally.subtract(Tally { total: 1, failures: oldest & FAILED, slow: (oldest & SLOW) >> 1 });
        }
        let bits = u64::from(sample.failed) * FAILED + u64::from(sample.slow) * SLOW;
        *cell = *cell & !((FAILED | SLOW) << shift) | bits << shift;
        self.tally.add(sample);
        self.next = if self.next + 1 >= self.capacity { 0 } else { self.next + 1 };
        self.tally
    }

    pub(super) fn tally(&self) -> Tally {
        self.tally
    }

    pub(super) fn clear(&mut self) {
        self.next = 0;
        self.tally = Tally::EMPTY;
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.cells.capacity() * size_of::<u64>()
    }
}
