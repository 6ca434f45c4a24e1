//! What happened to policies that is worth a line: changes of state, and orders by hand.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use mainstay_runtime::{circuit_breaker::Change, clock::Instant};
use serde::Serialize;

use crate::{book::Book, wall};

/// How much of it is kept.
const KEEPS: usize = 256;

/// One line.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Item {
    /// Its number, which grows.
    pub(crate) n: u64,
    /// When, in milliseconds since 1970.
    pub(crate) at: u64,
    /// The policy's number.
    pub(crate) policy: usize,
    #[serde(flatten)]
    pub(crate) what: What,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(crate) enum What {
    Change { from: &'static str, to: &'static str },
    Order { order: &'static str, by: String },
}

#[derive(Debug, Default)]
pub(crate) struct News(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    next: u64,
    items: VecDeque<Item>,
    /// The latest change that is among them, by policy.
    seen: Vec<Instant>,
}

impl News {
    /// Looks for changes of state that are new.
    pub(crate) fn look(&self, book: &Book) {
        let mut found: Vec<(usize, Change)> = Vec::new();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.seen.resize(book.policies.len(), Instant::ZERO);
        for (policy, entry) in book.policies.iter().enumerate() {
            let changes = entry.policy().changes();
            let Some(seen) = kept.seen.get_mut(policy) else { continue };
            found.extend(changes.iter().filter(|change| change.at > *seen).map(|change| (policy, *change)));
            *seen = changes.last().map_or(*seen, |change| change.at);
        }
        found.sort_by_key(|(_, change)| change.at);
        for (policy, change) in found {
            let what = What::Change { from: change.from.as_str(), to: change.to.as_str() };
            kept.add(wall::of(change.at), policy, what);
        }
    }

    /// Something was ordered.
    pub(crate) fn ordered(&self, policy: usize, order: &'static str, by: String) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.add(wall::now(), policy, What::Order { order, by });
    }

    /// The lines from that number on, the oldest first.
    pub(crate) fn since(&self, number: u64) -> Vec<Item> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.items.iter().filter(|item| item.n >= number).cloned().collect()
    }
}

impl Kept {
    fn add(&mut self, at: u64, policy: usize, what: What) {
        if self.items.len() >= KEEPS {
            self.items.pop_front();
        }
        self.items.push_back(Item { n: self.next, at, policy, what });
        self.next += 1;
    }
}
