//! What happened to policies that is worth a line: changes of state, orders by hand, options set from outside.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use mainstay_runtime::{
    circuit_breaker::Change,
    clock::Instant,
    observe::{self, Event, Subscription},
};
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
    Option { option: String, old: String, new: String, origin: String },
}

#[derive(Debug)]
pub(crate) struct News {
    kept: Mutex<Kept>,
    /// Options that were set since the last look.
    heard: Arc<Mutex<VecDeque<Heard>>>,
    _listening: Subscription,
}

/// An option that was set, of a policy that the book may not have yet.
#[derive(Debug)]
struct Heard {
    at: u64,
    kind: String,
    policy: String,
    what: What,
}

#[derive(Debug, Default)]
struct Kept {
    next: u64,
    items: VecDeque<Item>,
    /// The latest change that is among them, by policy.
    seen: Vec<Instant>,
}

impl News {
    pub(crate) fn new() -> Self {
        let heard = Arc::default();
        let listening = observe::listen({
            let heard = Arc::clone(&heard);
            move |event| hear(event, &heard)
        });
        Self { kept: Mutex::default(), heard, _listening: listening }
    }

    /// Looks for changes of state and of options that are new.
    pub(crate) fn look(&self, book: &Book) {
        self.look_for_options(book);
        let mut found: Vec<(usize, Change)> = Vec::new();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
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

    fn look_for_options(&self, book: &Book) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        heard.retain(|one| match book.find(&one.kind, &one.policy) {
            Some((policy, _)) => {
                kept.add(one.at, policy, one.what.clone());
                false
            }
            None => true,
        });
    }

    /// Something was ordered.
    pub(crate) fn ordered(&self, policy: usize, order: &'static str, by: String) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.add(wall::now(), policy, What::Order { order, by });
    }

    /// The lines from that number on, the oldest first.
    pub(crate) fn since(&self, number: u64) -> Vec<Item> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
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

fn hear(event: &Event<'_>, heard: &Mutex<VecDeque<Heard>>) {
    let Event::Overridden { policy, kind, option, old, new, origin, .. } = event else { return };
    let what = What::Option {
        option: (*option).to_owned(),
        old: (*old).to_owned(),
        new: (*new).to_owned(),
        origin: (*origin).to_owned(),
    };
    let one = Heard { at: wall::now(), kind: (*kind).to_owned(), policy: (*policy).to_owned(), what };
    let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
    if heard.len() >= KEEPS {
        heard.pop_front();
    }
    heard.push_back(one);
}
