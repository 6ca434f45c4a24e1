use crate::sync::{AtomicU32, AtomicU64, Ordering, yield_now};

/// The bucket of one key: the hash that stands for the key, and a word.
///
/// The word is the mark (see [`Meter`](super::meter::Meter)) and four bits, of which one locks the slot. Hash and word
/// change only while the slot is locked, and whoever has locked it for a key looks at the hash again: so nothing is ever
/// taken from the bucket of another key, whoever got the slot meanwhile. The lock is had by the one locked instruction
/// that a lock-free word would need too and given back by a plain store, and what is done meanwhile takes a few
/// nanoseconds; looking for a key needs no lock.
#[derive(Debug)]
pub(super) struct Slot {
    hash: AtomicU64,
    word: AtomicU64,
}

/// What a free slot has instead of a hash.
const FREE: u64 = 0;

const LOCKED: u64 = 1;
/// Somebody may wait for this key.
pub(super) const WAITED: u64 = 2;
/// Which of the two meters the mark is of.
pub(super) const METER: u64 = 4;
const FLAG_BITS: u32 = 4;

/// What stands in a slot besides its lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held(u64);

impl Held {
    pub(super) const fn new(mark: u64, flags: u64) -> Self {
        Self(mark << FLAG_BITS | flags)
    }

    pub(super) const fn mark(self) -> u64 {
        self.0 >> FLAG_BITS
    }

    pub(super) const fn flags(self) -> u64 {
        self.0 & (WAITED | METER)
    }

    pub(super) const fn meter(self) -> usize {
        (self.0 & METER != 0) as usize
    }

    #[inline(always)]
    pub(super) const fn with_mark(self, mark: u64) -> Self {
        Self::new(mark, self.flags())
    }
}

/// How often a lock is looked at before the processor is given to somebody else, who may have it.
const LOOKS: u32 = if cfg!(mainstay_loom) { 0 } else { 64 };

impl Slot {
    const fn new() -> Self {
        Self { hash: AtomicU64::new(FREE), word: AtomicU64::new(0) }
    }

    /// Waits for the lock. What is found is given to [`Slot::unlock`] again, changed or not.
    #[inline(always)]
    pub(super) fn lock(&self) -> Held {
        let free = self.word.load(Ordering::Relaxed) & !LOCKED;
        match self.word.compare_exchange_weak(free, free | LOCKED, Ordering::Acquire, Ordering::Relaxed) {
            Ok(word) => Held(word),
            Err(found) => self.lock_contended(found),
        }
    }

    #[cold]
    #[inline(never)]
    fn lock_contended(&self, mut found: u64) -> Held {
        let mut looks = 0;
        loop {
            if found & LOCKED != 0 {
                looks += 1;
                if looks < LOOKS { std::hint::spin_loop() } else { yield_now() }
            }
            let free = found & !LOCKED;
            match self.word.compare_exchange(free, free | LOCKED, Ordering::Acquire, Ordering::Relaxed) {
                Ok(word) => return Held(word),
                Err(changed) => found = changed,
            }
        }
    }

    #[inline(always)]
    pub(super) fn unlock(&self, held: Held) {
        self.word.store(held.0, Ordering::Release);
    }

    /// What stands in the slot, whoever has locked it.
    pub(super) fn look(&self) -> Held {
        Held(self.word.load(Ordering::Relaxed) & !LOCKED)
    }

    /// Whether the slot is this key's. For certain only while it is locked.
    #[inline(always)]
    pub(super) fn is_of(&self, hash: u64) -> bool {
        self.hash.load(Ordering::Relaxed) == hash
    }

    /// The hash of the key that has the slot.
    pub(super) fn key(&self) -> Option<u64> {
        Some(self.hash.load(Ordering::Relaxed)).filter(|hash| *hash != FREE)
    }

    /// Gives the slot to a key. It must be locked.
    fn give(&self, hash: u64) {
        self.hash.store(hash, Ordering::Relaxed);
    }
}

const WAYS: usize = 4;

/// One line of the cache.
#[derive(Debug)]
#[repr(align(64))]
struct Group([Slot; WAYS]);

/// Slots for a number of keys, half as many again. A key stands in the group that its hash names, or if that is full, in
/// the next with a free slot; each group counts the keys that had to go past it, so that a search ends where none has.
///
/// One thread at a time may give slots away and take them back; all others only look and lock.
#[derive(Debug)]
pub(super) struct Slots {
    groups: Box<[Group]>,
    passed: Box<[AtomicU32]>,
}

impl Slots {
    pub(super) fn for_keys(keys: usize) -> Self {
        let groups = (keys + keys / 2).div_ceil(WAYS).max(1);
        let group = || Group([const { Slot::new() }; WAYS]);
        let slots = Self {
            groups: (0..groups).map(|_| group()).collect(),
            passed: (0..groups).map(|_| AtomicU32::new(0)).collect(),
        };
        // loom's atomics are made when first used, and that must be before others can see them.
        if cfg!(mainstay_loom) {
            slots.groups.iter().flat_map(|group| &group.0).for_each(|slot| {
                let _ = (slot.key(), slot.look());
            });
            slots.passed.iter().for_each(|passed| {
                let _ = passed.load(Ordering::Relaxed);
            });
        }
        slots
    }

    /// The group that `hash` names: the hash, taken as a fraction of one, of all groups.
    #[inline(always)]
    fn home(&self, hash: u64) -> usize {
        ((u128::from(hash) * self.groups.len() as u128) >> 64) as usize
    }

    /// The slot of this key, if it has one. Another thread may give it to somebody else meanwhile.
    #[inline(always)]
    pub(super) fn find(&self, hash: u64) -> Option<&Slot> {
        let home = self.home(hash);
        let found = self.groups.get(home)?.0.iter().find(|slot| slot.is_of(hash));
        if found.is_some() { found } else { self.find_past(home, hash) }
    }

    #[inline(never)]
    fn find_past(&self, home: usize, hash: u64) -> Option<&Slot> {
        for at in self.way_from(home) {
            let group = self.groups.get(at)?;
            let found = group.0.iter().find(|slot| slot.is_of(hash));
            if found.is_some() || self.passed.get(at)?.load(Ordering::Relaxed) == 0 {
                return found;
            }
        }
        None
    }

    /// All groups, from this one on.
    fn way_from(&self, home: usize) -> impl Iterator<Item = usize> + use<> {
        let groups = self.groups.len();
        (home..groups).chain(0..home)
    }

    /// Gives a free slot to a key that has none. `None` if there is none.
    pub(super) fn insert(&self, hash: u64, held: Held) -> Option<&Slot> {
        let home = self.home(hash);
        let mut free = self.way_from(home).filter_map(|at| {
            let slots = self.groups.get(at)?.0.iter();
            slots.into_iter().find(|slot| slot.key().is_none()).map(|slot| (at, slot))
        });
        let (at, slot) = free.next()?;
        self.count_passed(home, at, |passed| passed.wrapping_add(1));
        // Somebody who looked for the key that had it before may have locked it.
        slot.lock();
        slot.give(hash);
        slot.unlock(held);
        Some(slot)
    }

    /// Takes the slot at this place back from the key that has it, if nothing but `expected` stands there.
    pub(super) fn free(&self, place: usize, hash: u64, expected: Option<Held>) -> bool {
        let Some(slot) = self.at(place) else { return false };
        let held = slot.lock();
        if expected.is_some_and(|expected| expected != held) {
            slot.unlock(held);
            return false;
        }
        slot.give(FREE);
        slot.unlock(Held(0));
        self.count_passed(self.home(hash), place / WAYS, |passed| passed.wrapping_sub(1));
        true
    }

    /// Takes all slots back and says what stood there.
    pub(super) fn drain(&self) -> impl Iterator<Item = (u64, Held)> {
        self.taken().map(|(_, hash, slot)| {
            let held = slot.lock();
            slot.give(FREE);
            slot.unlock(Held(0));
            (hash, held)
        })
    }

    fn count_passed(&self, home: usize, at: usize, change: impl Fn(u32) -> u32) {
        for passed in self.way_from(home).take_while(|group| *group != at) {
            if let Some(passed) = self.passed.get(passed) {
                passed.store(change(passed.load(Ordering::Relaxed)), Ordering::Relaxed);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.groups.len() * WAYS
    }

    pub(super) fn at(&self, place: usize) -> Option<&Slot> {
        self.groups.get(place / WAYS)?.0.get(place % WAYS)
    }

    /// The places that are taken, with what is there.
    pub(super) fn taken(&self) -> impl Iterator<Item = (usize, u64, &Slot)> {
        let slots = self.groups.iter().flat_map(|group| &group.0).enumerate();
        slots.filter_map(|(place, slot)| Some((place, slot.key()?, slot)))
    }

    /// Where this key's slot is.
    pub(super) fn place_of(&self, hash: u64) -> Option<usize> {
        let ways = self.way_from(self.home(hash));
        let mut places = ways.flat_map(|group| group * WAYS..(group + 1) * WAYS);
        places.find(|place| self.at(*place).is_some_and(|slot| slot.is_of(hash)))
    }
}
