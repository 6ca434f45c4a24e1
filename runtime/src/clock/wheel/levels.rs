//! The wheel itself: pure, and told what time it is.

use super::{
    nodes::{NIL, Nodes},
    tick,
};

/// A level has 64 lists, one for each span of its ticks: single ones at the lowest level, and 64 times as many at each
/// level above.
const BITS: u32 = 6;
const SLOTS: usize = 1 << BITS;
/// So that every instant has a place: 48 bits of ticks.
const LEVELS: usize = 8;

/// Things in the order of the ticks at which they are to be looked at, which costs the same however many they are.
#[derive(Debug)]
pub(super) struct Wheel<T> {
    /// All before this tick has been looked at.
    elapsed: u64,
    /// Which lists of each level have something in them, one bit each.
    occupied: [u64; LEVELS],
    /// The first node of each list. Made with the first thing.
    lists: Vec<u32>,
    /// The list whose span has begun and which is being emptied: what lies in it is to be looked at before all else.
    open: Option<usize>,
    nodes: Nodes<T>,
}

impl<T> Wheel<T> {
    pub(super) const fn new() -> Self {
        Self { elapsed: 0, occupied: [0; LEVELS], lists: Vec::new(), open: None, nodes: Nodes::new() }
    }

    /// How many things are in it.
    #[cfg(test)]
    pub(super) const fn len(&self) -> usize {
        self.nodes.used()
    }

    /// The tick at which to [advance](Self::advance) it next: that of the first thing, or one before it where things
    /// have to be sorted finer.
    pub(super) fn next(&self) -> Option<u64> {
        self.first().map(|(start, _)| start)
    }

    /// When the first span begins that has something in it, and its list.
    fn first(&self) -> Option<(u64, usize)> {
        if let Some(open) = self.open {
            return Some((self.elapsed, open));
        }
        // What is at a level lies in the running span of the level above, and after the running one of its own: before
        // all that is at the levels above.
        let level = self.occupied.iter().position(|occupied| *occupied != 0)?;
        let slot = self.occupied[level].trailing_zeros();
        let shift = BITS * level as u32;
        let start = (self.elapsed >> (shift + BITS) << (shift + BITS)) | u64::from(slot) << shift;
        Some((start, level << BITS | slot as usize))
    }

    /// The list for `at`, which is not before `elapsed`.
    fn list(&self, at: u64) -> usize {
        let differs = (self.elapsed ^ at) | (SLOTS as u64 - 1);
        let level = ((u64::BITS - 1 - differs.leading_zeros()) / BITS).min(LEVELS as u32 - 1);
        let slot = (at >> (BITS * level)) as usize & (SLOTS - 1);
        (level as usize) << BITS | slot
    }

    /// Puts `item` in, to be looked at by tick `at` at the latest. It is now tick `now`. Says under what number it is
    /// found again; `None` where there is no memory for it.
    pub(super) fn insert(&mut self, now: u64, at: u64, item: T) -> Option<u32> {
        if self.next().is_none_or(|next| next > now) {
            // Else what has been idle for long would be sorted by times that are long over.
            self.elapsed = self.elapsed.max(now);
        }
        let index = self.nodes.add(item).ok()?;
        self.link(index, at);
        Some(index)
    }

    fn link(&mut self, index: u32, at: u64) {
        if self.lists.is_empty() {
            self.lists = vec![NIL; LEVELS * SLOTS];
        }
        let list = self.list(at.max(self.elapsed).min(tick::LAST));
        let next = std::mem::replace(&mut self.lists[list], index);
        self.occupied[list >> BITS] |= 1 << (list & (SLOTS - 1));
        if let Some(next) = self.nodes.get(next) {
            next.previous = index;
        }
        if let Some(node) = self.nodes.get(index) {
            (node.previous, node.next, node.list) = (NIL, next, list as u16);
        }
    }

    fn unlink(&mut self, index: u32) {
        let Some(node) = self.nodes.get(index) else { return };
        let (previous, next, list) = (node.previous, node.next, node.list as usize);
        if let Some(next) = self.nodes.get(next) {
            next.previous = previous;
        }
        match self.nodes.get(previous) {
            Some(previous) => previous.next = next,
            None => {
                self.lists[list] = next;
                if next == NIL {
                    self.open = self.open.filter(|open| *open != list);
                    self.occupied[list >> BITS] &= !(1 << (list & (SLOTS - 1)));
                }
            }
        }
    }

    /// Takes out what [`insert`](Self::insert) gave that number.
    pub(super) fn remove(&mut self, index: u32) -> Option<T> {
        self.unlink(index);
        self.nodes.remove(index)
    }

    /// Looks at what is to be looked at by tick `now`. `look` says at which later tick again, or `None`: then it is out.
    /// At most `most` things, so that nobody waits long for the wheel: says whether there are more.
    pub(super) fn advance(
        &mut self,
        now: u64,
        most: usize,
        mut look: impl FnMut(&T, u32) -> Option<u64>,
    ) -> bool {
        for _ in 0..most {
            let Some((start, list)) = self.first().filter(|(start, _)| *start <= now) else {
                self.elapsed = self.elapsed.max(now);
                return false;
            };
            self.elapsed = self.elapsed.max(start);
            self.open = Some(list);
            let index = self.lists[list];
            self.unlink(index);
            let item = self.nodes.get(index).and_then(|node| node.item.as_ref());
            match item.and_then(|item| look(item, index)) {
                // Never at once again: this loop has an end.
                Some(at) => self.link(index, at.max(now.saturating_add(1))),
                None => drop(self.nodes.remove(index)),
            }
        }
        self.next().is_some_and(|next| next <= now)
    }
}
