//! What the records of idempotent calls are, as one would write it down: a map from keys to claims and values.

use std::collections::BTreeMap;

use super::super::{
    Token,
    records::{Found, Wanted},
};
use crate::{clock::Instant, store::Fingerprint};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum State {
    Running { lease_ends: Instant },
    Completed { value: u64 },
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    pub(super) token: Token,
    pub(super) fingerprint: Option<Fingerprint>,
    pub(super) state: State,
    pub(super) ends: Instant,
}

impl Record {
    pub(super) fn is_running(&self) -> bool {
        matches!(self.state, State::Running { .. })
    }
}

/// Records that have ended are among them until somebody says that they are gone.
#[derive(Debug, Default)]
pub(super) struct Plain {
    pub(super) records: BTreeMap<String, Record>,
}

impl Plain {
    pub(super) fn live(&self, now: Instant) -> impl Iterator<Item = (&String, &Record)> {
        self.records.iter().filter(move |(_, record)| record.ends > now)
    }

    /// What a claim is to meet, where it does not matter how full it is.
    pub(super) fn meets(&self, wanted: &Wanted<'_>, now: Instant) -> Option<Found<u64>> {
        let record = self.records.get(wanted.key).filter(|record| record.ends > now)?;
        if let (Some(kept), Some(given)) = (record.fingerprint, wanted.fingerprint)
            && kept != given
        {
            return Some(Found::KeyReused);
        }
        match record.state {
            State::Completed { value } => Some(Found::Completed(value)),
            State::Running { lease_ends } if lease_ends > now => {
                let place = super::super::records::Place { hash: 0, token: record.token };
                Some(Found::InFlight { place, lease_ends })
            }
            State::Running { .. } => None,
        }
    }

    /// Whether it takes over from a call whose lease has run out.
    pub(super) fn claim(&mut self, wanted: &Wanted<'_>, token: Token, now: Instant) -> bool {
        let before = self.records.get(wanted.key).filter(|record| record.ends > now);
        let took_over = before.is_some();
        // Whose payload it is has been said by the first.
        let fingerprint = before.and_then(|record| record.fingerprint).or(wanted.fingerprint);
        let lease_ends = now + wanted.lease;
        let ends = if lease_ends == Instant::NEVER { lease_ends } else { lease_ends + wanted.ttl };
        let record = Record { token, fingerprint, state: State::Running { lease_ends }, ends };
        self.records.insert(wanted.key.to_owned(), record);
        took_over
    }

    fn current(&mut self, key: &str, token: Token) -> Option<&mut Record> {
        self.records.get_mut(key).filter(|record| record.token == token)
    }

    pub(super) fn renew(&mut self, key: &str, token: Token, until: Instant) -> bool {
        let Some(record) = self.current(key, token) else { return false };
        let State::Running { lease_ends } = &mut record.state else { return false };
        record.ends = until + record.ends.saturating_since(*lease_ends);
        *lease_ends = until;
        true
    }

    pub(super) fn complete(&mut self, key: &str, token: Token, value: u64, expires: Instant) -> bool {
        let Some(record) = self.current(key, token) else { return false };
        if record.is_running() {
            (record.state, record.ends) = (State::Completed { value }, expires);
        }
        true
    }

    pub(super) fn release(&mut self, key: &str, token: Token) -> bool {
        let is_it = self.current(key, token).is_some_and(|record| record.is_running());
        if is_it {
            self.records.remove(key);
        }
        is_it
    }

    /// Takes out what has ended and `is_gone` says is not there any more.
    pub(super) fn forget(&mut self, now: Instant, is_gone: impl Fn(&str) -> bool) {
        self.records.retain(|key, record| record.ends > now || !is_gone(key));
    }

    /// The completed records that end first.
    pub(super) fn first_to_end(&self) -> Vec<String> {
        let completed = || self.records.iter().filter(|(_, record)| !record.is_running());
        let first = completed().map(|(_, record)| record.ends).min();
        completed().filter(|(_, record)| Some(record.ends) == first).map(|(key, _)| key.clone()).collect()
    }
}
