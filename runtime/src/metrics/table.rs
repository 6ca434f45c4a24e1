//! Entries that are added and never removed, found without a lock.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

/// How many slots each segment has; together they hold far more than a family may have series.
const SEGMENTS: [usize; 6] = [16, 64, 256, 1024, 4096, 16_384];
/// How many slots of a segment an entry may lie in.
const WINDOW: usize = 8;

type Segment<T> = Box<[OnceLock<Box<T>>]>;

/// A hash table whose entries stay where they are.
///
/// Whoever looks for an entry goes through the slots in the order in which it would have been put into the first empty one:
/// at an empty slot the search is over.
#[derive(Debug)]
pub(crate) struct Table<T> {
    segments: [OnceLock<Segment<T>>; SEGMENTS.len()],
    count: AtomicUsize,
    limit: usize,
}

/// There was no room for another entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

impl<T> Table<T> {
    /// An empty one for at most that many entries.
    pub(crate) const fn new(limit: usize) -> Self {
        Self { segments: [const { OnceLock::new() }; SEGMENTS.len()], count: AtomicUsize::new(0), limit }
    }

    /// The entry with that hash for which `is` holds.
    #[inline]
    pub(crate) fn find(&self, hash: u64, is: impl Fn(&T) -> bool) -> Option<&T> {
        for segment in &self.segments {
            let segment = segment.get()?;
            for slot in window(segment, hash) {
                let entry = slot.get()?;
                if is(entry) {
                    return Some(entry);
                }
            }
        }
        None
    }

    /// The entry with that hash for which `is` holds, or else the one that `make` makes.
    ///
    /// Two threads may make the same entry at once, and one of the two is thrown away.
    #[cold]
    pub(crate) fn find_or_insert(
        &self,
        hash: u64,
        is: impl Fn(&T) -> bool,
        make: impl FnOnce() -> T,
    ) -> Result<&T, Full> {
        if let Some(entry) = self.find(hash, &is) {
            return Ok(entry);
        }
        // The place is taken before it is filled: so many threads cannot go beyond the limit together.
        let has_room = |count: usize| (count < self.limit).then_some(count + 1);
        self.count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, has_room).map_err(|_| Full)?;
        let mut made = Some(Box::new(make()));
        for (segment, size) in self.segments.iter().zip(SEGMENTS) {
            let segment = segment.get_or_init(|| (0..size).map(|_| OnceLock::new()).collect());
            for slot in window(segment, hash) {
                if let Some(entry) = made.take()
                    && let Err(entry) = slot.set(entry)
                {
                    made = Some(entry);
                }
                let Some(entry) = slot.get() else { continue };
                if made.is_none() {
                    return Ok(entry);
                }
                if is(entry) {
                    self.count.fetch_sub(1, Ordering::Relaxed);
                    return Ok(entry);
                }
            }
        }
        self.count.fetch_sub(1, Ordering::Relaxed);
        Err(Full)
    }

    /// All entries, in an order that does not change.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        let segments = self.segments.iter().map_while(OnceLock::get);
        segments.flat_map(|segment| segment.iter().filter_map(|slot| slot.get().map(|entry| &**entry)))
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }
}

#[inline]
fn window<T>(segment: &Segment<T>, hash: u64) -> impl Iterator<Item = &OnceLock<Box<T>>> {
    // The sizes are powers of two.
    let mask = segment.len() - 1;
    (0..WINDOW).filter_map(move |step| segment.get((hash as usize).wrapping_add(step) & mask))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(table: &Table<u64>, hash: u64, value: u64) -> Result<u64, Full> {
        table.find_or_insert(hash, |there| *there == value, || value).copied()
    }

    #[test]
    fn what_was_put_in_is_found_and_nothing_else() {
        let table = Table::new(4000);
        for value in 0..4000_u64 {
            // Hashes that often meet.
            assert_eq!(
                insert(&table, value.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48, value),
                Ok(value),
                "{value}"
            );
            if value == 3000 {
                break;
            }
        }
        for value in 0..3000_u64 {
            let hash = value.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48;
            assert_eq!(table.find(hash, |there| *there == value), Some(&value));
            assert_eq!(table.find(hash, |there| *there == value + 100_000), None);
        }
    }

    #[test]
    fn it_takes_no_more_than_its_limit() {
        let table = Table::new(3);
        assert_eq!([1, 2, 3, 4, 1].map(|n| insert(&table, n, n)), [Ok(1), Ok(2), Ok(3), Err(Full), Ok(1)]);
        assert_eq!((table.len(), table.iter().count()), (3, 3));
    }

    #[test]
    fn threads_that_add_the_same_get_the_same() {
        for _ in 0..50 {
            let table = Table::<u64>::new(100);
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| (0..64).for_each(|n| assert_eq!(insert(&table, n % 8, n), Ok(n))));
                }
            });
            assert_eq!((table.len(), table.iter().count()), (64, 64));
        }
    }
}
