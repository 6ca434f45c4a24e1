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
/// The same in every place of a cell.
const ALL_FAILED: u64 = u64::MAX / 3;
const ALL_SLOW: u64 = ALL_FAILED << 1;

impl CountWindow {
    pub(super) const fn new(capacity: u32) -> Self {
        Self { cells: Vec::new(), capacity, next: 0, tally: Tally::EMPTY }
    }

    pub(super) fn record(&mut self, sample: Sample) -> Tally {
        self.make_room();
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

    /// The same as so many records of a success that was not slow, by the cell.
    pub(super) fn record_successes(&mut self, mut successes: u32) {
        self.make_room();
        while successes > 0 {
            let place = self.next % PER_CELL;
            let run = successes.min(PER_CELL - place).min(self.capacity - self.next);
            let mask = (u64::MAX >> (u64::BITS - 2 * run)) << (2 * place);
            let Some(cell) = self.cells.get_mut((self.next / PER_CELL) as usize) else { return };
            if self.tally.total == u64::from(self.capacity) {
                let oldest = *cell & mask;
                self.tally.failures -= u64::from((oldest & ALL_FAILED).count_ones());
                self.tally.slow -= u64::from((oldest & ALL_SLOW).count_ones());
            } else {
                self.tally.total += u64::from(run);
            }
            *cell &= !mask;
            self.next = if self.next + run >= self.capacity { 0 } else { self.next + run };
            successes -= run;
        }
    }

    fn make_room(&mut self) {
        if self.cells.is_empty() {
            self.cells = vec![0; self.capacity.div_ceil(PER_CELL) as usize];
        }
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
