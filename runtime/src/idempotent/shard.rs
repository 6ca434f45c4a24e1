//! One part of the records, behind one lock.

use std::task::Waker;

use hashbrown::HashTable;

use super::{
    Token,
    ends::{End, Ends},
    records::{Found, Place, Wanted},
};
use crate::{clock::Instant, store::Fingerprint};

pub(super) struct Shard<V> {
    table: HashTable<Record<V>>,
    /// When records end; those that have changed since are passed over.
    ends: Ends,
}

pub(super) struct Record<V> {
    hash: u64,
    token: Token,
    key: Box<str>,
    fingerprint: Option<Box<Fingerprint>>,
    state: State<V>,
}

enum State<V> {
    Running { lease_ends: Instant, kept_until: Instant, waiting: Vec<Waker> },
    Completed { value: V, expires: Instant },
}

/// What left the table: values to drop and tasks to wake, which must not happen under the lock.
pub(super) struct Gone<V> {
    records: u64,
    /// Most often there is one at most, and nothing is allocated for it.
    first: Option<State<V>>,
    more: Vec<State<V>>,
}

impl<V> Gone<V> {
    pub(super) const fn new() -> Self {
        Self { records: 0, first: None, more: Vec::new() }
    }

    pub(super) fn records(&self) -> u64 {
        self.records
    }

    fn take(&mut self, record: Record<V>) {
        self.records += 1;
        self.push(record.state);
    }

    fn push(&mut self, state: State<V>) {
        if matches!(&state, State::Running { waiting, .. } if waiting.is_empty()) {
            return;
        }
        match self.first {
            None => self.first = Some(state),
            Some(_) => self.more.push(state),
        }
    }

    #[inline]
    pub(super) fn bury(self) {
        // Not chained: moving what is gone through an iterator takes longer than all the rest.
        if let Some(first) = self.first {
            first.end();
        }
        self.more.into_iter().for_each(State::end);
    }
}

impl<V> State<V> {
    #[inline]
    fn end(self) {
        if let Self::Running { waiting, .. } = self {
            waiting.into_iter().for_each(Waker::wake);
        }
    }
}

impl<V> Record<V> {
    fn ends(&self) -> Instant {
        match self.state {
            State::Running { kept_until, .. } => kept_until,
            State::Completed { expires, .. } => expires,
        }
    }

    fn differs(&self, fingerprint: Option<Fingerprint>) -> bool {
        matches!((&self.fingerprint, fingerprint), (Some(kept), Some(given)) if **kept != given)
    }
}

impl<V> Shard<V> {
    pub(super) fn new() -> Self {
        Self { table: HashTable::new(), ends: Ends::new() }
    }

    fn find(&mut self, hash: u64, key: &str) -> Option<&mut Record<V>> {
        self.table.find_mut(hash, |record| record.hash == hash && *record.key == *key)
    }

    fn at(&mut self, place: Place) -> Option<&mut Record<V>> {
        self.table.find_mut(place.hash, |record| record.token == place.token)
    }

    #[cfg(test)]
    pub(super) fn knows(&mut self, hash: u64, key: &str) -> bool {
        self.find(hash, key).is_some()
    }

    /// What `take` makes of a completed record of this payload: all that most repeated calls ask.
    #[inline(always)]
    pub(super) fn completed<T>(
        &self,
        hash: u64,
        wanted: &Wanted<'_>,
        now: Instant,
        take: impl FnOnce(&V) -> Option<T>,
    ) -> Option<T> {
        let record = self.table.find(hash, |record| record.hash == hash && *record.key == *wanted.key)?;
        match &record.state {
            State::Completed { value, expires } if *expires > now && !record.differs(wanted.fingerprint) => {
                take(value)
            }
            _ => None,
        }
    }

    /// What stands in the way of a claim.
    pub(super) fn meet<T>(
        &mut self,
        hash: u64,
        wanted: &Wanted<'_>,
        now: Instant,
        take: impl FnOnce(&V) -> T,
    ) -> Option<Found<T>> {
        let record = self.find(hash, wanted.key).filter(|record| record.ends() > now)?;
        if record.differs(wanted.fingerprint) {
            return Some(Found::KeyReused);
        }
        match &record.state {
            State::Completed { value, .. } => Some(Found::Completed(take(value))),
            State::Running { lease_ends, .. } if *lease_ends > now => {
                let place = Place { hash, token: record.token };
                Some(Found::InFlight { place, lease_ends: *lease_ends })
            }
            State::Running { .. } => None,
        }
    }

    /// Puts a claim in the key's place, a new one if there is room for it. Whether it took over from a running one.
    pub(super) fn put(
        &mut self,
        place: Place,
        wanted: &Wanted<'_>,
        now: Instant,
        gone: &mut Gone<V>,
        has_room: impl FnOnce(&Gone<V>) -> bool,
    ) -> Option<bool> {
        let Place { hash, token } = place;
        let lease_ends = now + wanted.lease;
        let kept_until = if lease_ends == Instant::NEVER { lease_ends } else { lease_ends + wanted.ttl };
        let state = State::Running { lease_ends, kept_until, waiting: Vec::new() };
        let took_over = match self.find(hash, wanted.key) {
            Some(record) => {
                let takes_over = record.ends() > now;
                if !takes_over || record.fingerprint.is_none() {
                    record.fingerprint = wanted.fingerprint.map(Box::new);
                }
                record.token = token;
                gone.push(std::mem::replace(&mut record.state, state));
                takes_over
            }
            None if has_room(gone) => {
                let fingerprint = wanted.fingerprint.map(Box::new);
                let record = Record { hash, token, key: wanted.key.into(), fingerprint, state };
                self.table.insert_unique(hash, record, |record| record.hash);
                false
            }
            None => return None,
        };
        if kept_until != Instant::NEVER {
            self.note_end((kept_until, token, hash));
        }
        Some(took_over)
    }

    /// The lease, the end and the waiters of the claim, if it is the current one and running.
    fn running(&mut self, place: Place) -> Option<(&mut Instant, &mut Instant, &mut Vec<Waker>)> {
        match &mut self.at(place)?.state {
            State::Running { lease_ends, kept_until, waiting } => Some((lease_ends, kept_until, waiting)),
            State::Completed { .. } => None,
        }
    }

    /// Moves the end of the lease, and with it the end of the record, which stays as long after it as before.
    pub(super) fn renew(&mut self, place: Place, lease_until: Instant) -> bool {
        let Some((lease_ends, kept_until, _)) = self.running(place) else { return false };
        let keep_until = lease_until + kept_until.saturating_since(*lease_ends);
        (*lease_ends, *kept_until) = (lease_until, keep_until);
        self.note_end((keep_until, place.token, place.hash));
        true
    }

    pub(super) fn complete(
        &mut self,
        place: Place,
        value: V,
        expires: Instant,
        gone: &mut Gone<V>,
    ) -> Result<(), V> {
        let Some(record) = self.at(place) else { return Err(value) };
        if matches!(record.state, State::Running { .. }) {
            gone.push(std::mem::replace(&mut record.state, State::Completed { value, expires }));
            self.note_end((expires, place.token, place.hash));
        } else {
            gone.push(State::Completed { value, expires });
        }
        Ok(())
    }

    pub(super) fn release(&mut self, place: Place, gone: &mut Gone<V>) -> bool {
        let is_it =
            |record: &Record<V>| record.token == place.token && matches!(record.state, State::Running { .. });
        match self.table.find_entry(place.hash, is_it) {
            Ok(entry) => {
                gone.take(entry.remove().0);
                true
            }
            Err(_) => false,
        }
    }

    /// Puts the waker with the running claim; `false` if that is over.
    pub(super) fn wait(&mut self, place: Place, waker: &Waker) -> bool {
        let Some((_, _, waiting)) = self.running(place) else { return false };
        if !waiting.iter().any(|known| known.will_wake(waker)) {
            waiting.push(waker.clone());
        }
        true
    }

    /// Takes the waker away again. It may be the last that holds a task, so it is dropped by the caller.
    pub(super) fn forget(&mut self, place: Place, waker: &Waker) -> Option<Waker> {
        let (_, _, waiting) = self.running(place)?;
        let known = waiting.iter().position(|known| known.will_wake(waker))?;
        Some(waiting.swap_remove(known))
    }

    /// Puts an end in line. Where most of those that stand there are passed over by now, because records were renewed or
    /// given back, the line is made anew: it is never much longer than there are records.
    fn note_end(&mut self, end: End) {
        if self.ends.len() > 2 * self.table.len() + 64 {
            let records = self.table.iter().filter(|record| record.ends() != Instant::NEVER);
            let mut ends: Vec<End> =
                records.map(|record| (record.ends(), record.token, record.hash)).collect();
            ends.sort_unstable();
            self.ends = Ends::new();
            ends.into_iter().for_each(|end| self.ends.push(end));
        }
        self.ends.push(end);
    }

    /// Removes expired records, looking at so many ends.
    pub(super) fn sweep(&mut self, now: Instant, most: usize, gone: &mut Gone<V>) {
        for _ in 0..most {
            match self.ends.peek() {
                Some((end, ..)) if *end <= now => {}
                _ => return,
            }
            if let Some((end, token, hash)) = self.ends.pop() {
                self.remove_ended(end, token, hash, gone);
            }
        }
    }

    /// Removes the completed record that expires first.
    pub(super) fn evict_one(&mut self, gone: &mut Gone<V>) {
        let mut running = Vec::new();
        let before = gone.records;
        while gone.records == before
            && let Some((end, token, hash)) = self.ends.pop()
        {
            match self.running(Place { hash, token }) {
                Some(_) => running.push((end, token, hash)),
                None => self.remove_ended(end, token, hash, gone),
            }
        }
        running.into_iter().for_each(|end| self.ends.push(end));
    }

    fn remove_ended(&mut self, end: Instant, token: Token, hash: u64, gone: &mut Gone<V>) {
        let ended = |record: &Record<V>| record.token == token && record.ends() <= end;
        if let Ok(entry) = self.table.find_entry(hash, ended) {
            gone.take(entry.remove().0);
        }
    }

    #[cfg(test)]
    pub(super) fn ends(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn remove_completed(&mut self, gone: &mut Gone<V>) {
        let completed = |record: &mut Record<V>| matches!(record.state, State::Completed { .. });
        self.table.extract_if(completed).for_each(|record| gone.take(record));
    }
}
