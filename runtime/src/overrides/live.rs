use std::{
    fmt,
    sync::{OnceLock, PoisonError},
};

use crate::sync::{AtomicU32, Mutex, Ordering};

/// A configuration that can be replaced while calls read it.
///
/// Reading is one plain load and, while the code's own configuration is in force, nothing else; where another is, two loads
/// more, and three once more than sixteen have been. A reference that was read
/// stays valid, so a call in flight finishes under what it started with. There is no lock on the reading side.
///
/// Configurations are kept for as long as the `Live` is there, equal ones once: going to and fro between two takes no more
/// memory the second time. At most [`ROOM`](Self::ROOM) that differ from one another and from the code's are kept.
///
/// ```
/// use mainstay_runtime::overrides::Live;
///
/// static LIMIT: Live<u32> = Live::new(10);
///
/// let in_flight = LIMIT.get();
/// LIMIT.set(20, true);
/// assert_eq!((*in_flight, *LIMIT.get(), *LIMIT.code()), (10, 20, 10));
///
/// LIMIT.set(20, false);
/// assert_eq!(LIMIT.in_force(), None);
/// ```
pub struct Live<C: 'static> {
    code: C,
    /// The word at the start, and after [`restore`](Self::restore).
    start: u32,
    /// Whether it is off (lowest bit) and which configuration is in force (the others): 0 is the code's.
    chosen: AtomicU32,
    /// How many are kept. Its lock is the writers'.
    count: Mutex<u32>,
    kept: OnceLock<Box<Kept<C>>>,
}

const OFF: u32 = 1;
/// How many configurations are kept in the table itself, where they are a load nearer.
const NEAR: usize = 16;
/// How many each segment keeps, a power of two.
const SEGMENT: usize = 128;
const SEGMENTS: usize = 128;

struct Kept<C> {
    near: [OnceLock<C>; NEAR],
    segments: [OnceLock<Box<[OnceLock<C>; SEGMENT]>>; SEGMENTS],
}

impl<C> Live<C> {
    /// How many configurations beside the code's it has room for.
    pub const ROOM: u32 = (NEAR + SEGMENT * SEGMENTS) as u32;

    /// Written so in the code, and on unless switched off.
    pub const fn new(code: C) -> Self {
        Self::starting(code, 0)
    }

    /// Written so in the code, and off unless switched on.
    pub const fn off(code: C) -> Self {
        Self::starting(code, OFF)
    }

    const fn starting(code: C, start: u32) -> Self {
        Self { code, start, chosen: AtomicU32::new(start), count: Mutex::new(0), kept: OnceLock::new() }
    }

    /// The configuration as it is written in the code.
    #[inline]
    pub const fn code(&self) -> &C {
        &self.code
    }

    /// The configuration in force, whether it is on or off.
    #[inline]
    pub fn get(&self) -> &C {
        self.of(self.chosen.load(Ordering::Acquire))
    }

    /// Whether it is on.
    #[inline]
    pub fn is_on(&self) -> bool {
        self.chosen.load(Ordering::Relaxed) & OFF == 0
    }

    /// The configuration in force, `None` if it is switched off: both by one load.
    #[inline]
    pub fn in_force(&self) -> Option<&C> {
        let chosen = self.chosen.load(Ordering::Acquire);
        if chosen & OFF == 0 { Some(self.of(chosen)) } else { None }
    }

    /// The word of what is in force, for reading the same again with [`read_again`](Self::read_again).
    #[inline]
    pub(crate) fn reading(&self) -> u32 {
        self.chosen.load(Ordering::Acquire)
    }

    /// What was in force at that reading, `None` if it was switched off.
    #[inline]
    pub(crate) fn read_again(&self, reading: u32) -> Option<&C> {
        if Self::is_off_in(reading) { None } else { Some(self.of(reading)) }
    }

    /// Whether it was switched off at that reading.
    #[inline]
    pub(crate) const fn is_off_in(reading: u32) -> bool {
        reading & OFF != 0
    }

    /// Whether all is as it is written in the code, and on.
    #[inline]
    pub(crate) fn is_as_written(&self) -> bool {
        self.chosen.load(Ordering::Relaxed) == 0
    }

    /// Whether it is on if nobody says anything.
    pub const fn starts_on(&self) -> bool {
        self.start & OFF == 0
    }

    /// Back to how it is written in the code.
    pub fn restore(&self) {
        let _writing = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        self.chosen.store(self.start, Ordering::Release);
    }

    /// The configuration at a reading, whether it was on or off.
    #[inline]
    pub(crate) fn of(&self, reading: u32) -> &C {
        match reading >> 1 {
            0 => &self.code,
            index => self.other(index),
        }
    }

    #[inline]
    fn other(&self, index: u32) -> &C {
        // Nothing is chosen before it is kept.
        self.kept.get().and_then(|kept| kept.slot(index)?.get()).unwrap_or(&self.code)
    }
}

impl<C: PartialEq> Live<C> {
    /// Whether `config` could be put in force: there is room, or it has been in force before.
    pub fn has_room(&self, config: &C) -> bool {
        let count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        *count < Self::ROOM || self.known(*count, config).is_some()
    }

    /// Puts `config` in force, on or off, for every call that reads from now on. `false` if nothing was changed because
    /// [`ROOM`](Self::ROOM) other configurations are kept.
    pub fn set(&self, config: C, on: bool) -> bool {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(index) = self.keep(&mut count, config) else { return false };
        self.chosen.store(index << 1 | if on { 0 } else { OFF }, Ordering::Release);
        true
    }

    /// The index of `config`, which is kept if it is new.
    fn keep(&self, count: &mut u32, config: C) -> Option<u32> {
        if let Some(known) = self.known(*count, &config) {
            return Some(known);
        }
        let index = *count + 1;
        self.kept.get_or_init(Box::default).slot_to_fill(index)?.set(config).ok()?;
        *count = index;
        Some(index)
    }

    fn known(&self, count: u32, config: &C) -> Option<u32> {
        if *config == self.code {
            return Some(0);
        }
        (1..=count).find(|index| self.other(*index) == config)
    }
}

impl<C> Default for Kept<C> {
    fn default() -> Self {
        Self { near: [const { OnceLock::new() }; NEAR], segments: [const { OnceLock::new() }; SEGMENTS] }
    }
}

impl<C> Kept<C> {
    #[inline]
    fn slot(&self, index: u32) -> Option<&OnceLock<C>> {
        let at = (index - 1) as usize;
        match self.near.get(at) {
            Some(near) => Some(near),
            None => {
                let at = at - NEAR;
                self.segments.get(at / SEGMENT)?.get()?.get(at % SEGMENT)
            }
        }
    }

    /// The same, in a segment that is made if it is not there.
    fn slot_to_fill(&self, index: u32) -> Option<&OnceLock<C>> {
        let at = (index - 1) as usize;
        if at >= NEAR {
            let make = || Box::new([const { OnceLock::new() }; SEGMENT]);
            self.segments.get((at - NEAR) / SEGMENT)?.get_or_init(make);
        }
        self.slot(index)
    }
}

impl<C: fmt::Debug> fmt::Debug for Live<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.in_force() {
            Some(config) => config.fmt(f),
            None => write!(f, "off, {:?}", self.get()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_configurations_are_kept_once_and_references_stay() {
        let live = Live::new(String::from("code"));
        let first = live.get();
        for _ in 0..1000 {
            assert!(live.set(String::from("a"), true) && live.set(String::from("b"), false));
        }
        assert_eq!((first.as_str(), live.get().as_str(), live.in_force()), ("code", "b", None));
        assert_eq!(*live.count.lock().unwrap(), 2);
        assert!(live.set(String::from("code"), true));
        assert!(std::ptr::eq(live.get(), first) && live.is_on());
        live.set(String::from("a"), false);
        live.restore();
        assert_eq!(live.in_force().map(String::as_str), Some("code"));
    }

    #[test]
    fn what_starts_off_is_off_until_it_is_set_on_and_after_it_is_restored() {
        let live = Live::off(1);
        assert_eq!((live.in_force(), live.is_on(), live.starts_on()), (None, false, false));
        live.set(1, true);
        assert_eq!(live.in_force(), Some(&1));
        live.restore();
        assert_eq!(live.in_force(), None);
    }

    #[test]
    fn every_place_holds_its_own_and_a_full_table_changes_nothing() {
        assert_eq!(Live::<u32>::ROOM, 16_400);
        let table = Kept::default();
        for index in 1..=Live::<u32>::ROOM {
            table.slot_to_fill(index).unwrap().set(index).unwrap();
        }
        assert!((1..=Live::<u32>::ROOM).all(|index| table.slot(index).unwrap().get() == Some(&index)));
        assert!(table.slot_to_fill(Live::<u32>::ROOM + 1).is_none());

        let live = Live::new(0);
        (1..=200).for_each(|config| assert!(live.set(config, true)));
        assert_eq!(live.get(), &200);
        *live.count.lock().unwrap() = Live::<u32>::ROOM;
        assert!(!live.set(777_777, false));
        assert_eq!(live.in_force(), Some(&200));
    }
}
