//! How far the policies' own numbers have come since a scope began.

use std::collections::BTreeMap;

use mainstay_runtime::registry::policies;

/// The numbers at some moment, by policy and reading; those of one name and several kinds are added up.
#[derive(Default)]
pub(super) struct Seen(BTreeMap<(String, &'static str), f64>);

impl Seen {
    pub(super) fn now() -> Self {
        let mut seen = BTreeMap::new();
        for listed in policies().all() {
            for reading in listed.policy().readings().iter().filter(|reading| reading.is_count()) {
                *seen.entry((listed.name().to_owned(), reading.name())).or_insert(0.0) += reading.value();
            }
        }
        Self(seen)
    }

    /// Counts those of one policy from now on.
    pub(super) fn begin_again(&mut self, policy: &str) {
        let now = Self::now().0.into_iter().filter(|((known, _), _)| known == policy);
        self.0.extend(now);
    }

    /// How much the reading of that name has grown since.
    pub(super) fn grown(&self, policy: &str, reading: &str) -> Option<u64> {
        let key = |known: &&(String, &'static str)| known.0 == policy && known.1 == reading;
        let now = Self::now();
        let now = now.0.iter().find(|(known, _)| key(known))?;
        let before = self.0.get(now.0).copied().unwrap_or_default();
        Some((now.1 - before).max(0.0) as u64)
    }

    /// The readings that the policies of that name have.
    pub(super) fn readings(policy: &str) -> Vec<&'static str> {
        Self::now().0.keys().filter(|(known, _)| known == policy).map(|(_, reading)| *reading).collect()
    }
}
