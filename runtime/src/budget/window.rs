use crate::sync::{AtomicU64, Ordering};

/// Into how many slots a window is divided. It slides by one slot at a time.
pub(super) const SLOTS: u64 = 10;

/// What was counted when each of the latest slots began, and what was withdrawn. Pure: it is told which slot it is, and
/// how many first calls there were.
///
/// Nothing is ever taken out of it. What happened in a window is what is counted now less what was counted when the
/// window's oldest slot was first seen, so one word decides about a withdrawal. First calls made between a slot's
/// beginning and its first sight count for the slot before, and so are forgotten too early and never too late.
#[derive(Debug)]
pub(super) struct Window {
    withdrawn: AtomicU64,
    /// The latest slot that was seen: where a clock goes back, time stands still.
    latest: AtomicU64,
    marks: [Mark; SLOTS as usize],
}

/// What was counted when a slot was first seen: two words, each with the slot's number in its upper bits.
#[derive(Debug)]
struct Mark {
    calls: AtomicU64,
    withdrawn: AtomicU64,
}

impl Mark {
    const fn new() -> Self {
        Self { calls: AtomicU64::new(0), withdrawn: AtomicU64::new(0) }
    }
}

/// The bits of a count in a word; a trillion goes around once. One bit says that the word is written.
const BITS: u32 = 40;
const COUNT: u64 = (1 << BITS) - 1;
const WRITTEN: u64 = 1 << BITS;
const NUMBER: u64 = u64::MAX >> (BITS + 1);
/// How many slots later than a thread's own another thread may have begun one meanwhile.
const LATER: u64 = 1 << 16;

const fn word(slot: u64, count: u64) -> u64 {
    slot << (BITS + 1) | WRITTEN | (count & COUNT)
}

/// How many slots before `slot` the word was written, `None` if it never was; a large number for one after it.
const fn age(word: u64, slot: u64) -> Option<u64> {
    if word & WRITTEN == 0 {
        return None;
    }
    Some(slot.wrapping_sub(word >> (BITS + 1)) & NUMBER)
}

/// How much more `now` is than the count in `word`; nothing if it is less.
const fn since(now: u64, word: u64) -> u64 {
    let more = now.wrapping_sub(word) & COUNT;
    if more > COUNT / 2 { 0 } else { more }
}

impl Window {
    pub(super) const fn new() -> Self {
        Self {
            withdrawn: AtomicU64::new(0),
            latest: AtomicU64::new(0),
            marks: [const { Mark::new() }; SLOTS as usize],
        }
    }

    /// How many withdrawals there ever were.
    pub(super) fn withdrawn(&self) -> u64 {
        self.withdrawn.load(Ordering::Acquire)
    }

    /// Notes what is counted, if `slot` has not been seen before, and gives the slot that it is by all threads' clocks.
    pub(super) fn see(&self, slot: u64, calls: impl Fn() -> u64) -> u64 {
        let slot = self.latest.fetch_max(slot, Ordering::AcqRel).max(slot);
        let Some(mark) = self.marks.get((slot % SLOTS) as usize) else { return slot };
        // Whoever finds the second word written finds the first one, too.
        begin(&mark.calls, slot, calls);
        begin(&mark.withdrawn, slot, || self.withdrawn());
        slot
    }

    /// Withdraws one if `allows` says so of the first calls and the withdrawals in the window, the new one included.
    pub(super) fn withdraw(
        &self,
        slot: u64,
        calls: impl Fn() -> u64,
        allows: impl Fn(u64, u64) -> bool,
    ) -> bool {
        let slot = self.see(slot, &calls);
        let mut withdrawn = self.withdrawn();
        loop {
            let Some((calls_then, withdrawn_then)) = self.oldest(slot) else { return false };
            if !allows(since(calls(), calls_then), since(withdrawn + 1, withdrawn_then)) {
                return false;
            }
            match self.withdrawn.compare_exchange(
                withdrawn,
                withdrawn + 1,
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) => return true,
                Err(now) => withdrawn = now,
            }
        }
    }

    /// The first calls and the withdrawals in the window.
    pub(super) fn spent(&self, slot: u64, calls: impl Fn() -> u64) -> (u64, u64) {
        let slot = self.see(slot, &calls);
        let withdrawn = self.withdrawn();
        self.oldest(slot).map_or((0, 0), |(calls_then, withdrawn_then)| {
            (since(calls(), calls_then), since(withdrawn, withdrawn_then))
        })
    }

    /// Forgets the past. Counts that go on meanwhile may or may not be part of it.
    pub(super) fn forget(&self, slot: u64, calls: impl Fn() -> u64) {
        self.latest.store(slot, Ordering::Release);
        for mark in &self.marks {
            mark.calls.store(word(slot, calls()), Ordering::Release);
            mark.withdrawn.store(word(slot, self.withdrawn()), Ordering::Release);
        }
    }

    /// The marks of the oldest slot of the window that was seen. A thread that has slept through a whole window finds none.
    fn oldest(&self, slot: u64) -> Option<(u64, u64)> {
        (0..SLOTS).rev().find_map(|back| {
            let number = slot.wrapping_sub(back);
            let mark = self.marks.get((number % SLOTS) as usize)?;
            let withdrawn = mark.withdrawn.load(Ordering::Acquire);
            let calls = mark.calls.load(Ordering::Acquire);
            (age(withdrawn, number) == Some(0) && age(calls, number) == Some(0)).then_some((calls, withdrawn))
        })
    }
}

/// Writes the slot's word once. The count is read after the word it replaces, and so before anything is counted in a slot
/// that somebody else has begun: the number in the word lets the exchange fail then.
fn begin(cell: &AtomicU64, slot: u64, count: impl Fn() -> u64) {
    let mut known = cell.load(Ordering::Acquire);
    while age(known, slot).is_none_or(|age| (1..NUMBER - LATER).contains(&age)) {
        match cell.compare_exchange(known, word(slot, count()), Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return,
            Err(now) => known = now,
        }
    }
}
