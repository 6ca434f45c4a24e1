//! What there is: every policy and every site, numbered in the order in which they were first seen. Numbers never change.

use std::{collections::HashMap, sync::Arc};

use mainstay_runtime::{
    catalog::{Site, catalog},
    registry::{AnyPolicy, Listed, policies},
};

/// A policy and what its numbers are.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    listed: Listed,
    /// The names of its numbers, and whether they are totals.
    pub(crate) numbers: Vec<(&'static str, bool)>,
    /// The upper bounds of its durations' buckets, the last of which has none.
    pub(crate) bounds: Option<Vec<f64>>,
    /// Where its values stand in a sample.
    pub(crate) from: usize,
    /// The sites that have it.
    pub(crate) sites: Vec<usize>,
}

impl Entry {
    pub(crate) fn name(&self) -> &str {
        self.listed.name()
    }

    pub(crate) fn policy(&self) -> &'static dyn AnyPolicy {
        self.listed.policy()
    }

    /// How many values it has in a sample: its numbers, then its buckets and the sum of its durations.
    pub(crate) fn width(&self) -> usize {
        self.numbers.len() + self.bounds.as_ref().map_or(0, |bounds| bounds.len() + 2)
    }
}

/// A layer's policy, as a number of the book.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) site: &'static Site,
    pub(crate) policies: Vec<Option<usize>>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Book {
    pub(crate) policies: Vec<Entry>,
    pub(crate) sites: Vec<Place>,
    /// How many values a sample has.
    pub(crate) width: usize,
    by_address: HashMap<usize, usize>,
}

impl Book {
    /// This book with what is new, or itself if nothing is.
    pub(crate) fn renewed(self: Arc<Self>) -> Arc<Self> {
        let new_policies: Vec<Listed> = policies()
            .all()
            .into_iter()
            .filter(|listed| !self.by_address.contains_key(&listed.policy().address()))
            .collect();
        let catalog = catalog();
        if new_policies.is_empty() && catalog.len() == self.sites.len() {
            return self;
        }
        let mut book = Arc::unwrap_or_clone(self);
        new_policies.into_iter().for_each(|listed| book.add(listed));
        for site in catalog.sites() {
            if !book.sites.iter().any(|known| std::ptr::eq(known.site, *site)) {
                book.place(site);
            }
        }
        Arc::new(book)
    }

    fn add(&mut self, listed: Listed) {
        let policy = listed.policy();
        // One policy may stand under two names.
        if self.by_address.insert(policy.address(), self.policies.len()).is_some() {
            return;
        }
        let entry = Entry {
            numbers: policy.readings().iter().map(|reading| (reading.name(), reading.is_count())).collect(),
            bounds: policy.durations().map(|durations| durations.buckets().bounds().to_vec()),
            from: self.width,
            sites: Vec::new(),
            listed,
        };
        self.width += entry.width();
        self.policies.push(entry);
    }

    fn place(&mut self, site: &'static Site) {
        let find = |layer: &mainstay_runtime::catalog::Layer| {
            self.by_address.get(&layer.instance()?.address()).copied()
        };
        let found: Vec<Option<usize>> = site.stack().iter().map(find).collect();
        for policy in found.iter().flatten() {
            let Some(entry) = self.policies.get_mut(*policy) else { continue };
            if entry.sites.last() != Some(&self.sites.len()) {
                entry.sites.push(self.sites.len());
            }
        }
        self.sites.push(Place { site, policies: found });
    }

    /// The policy of that kind and name.
    pub(crate) fn find(&self, kind: &str, name: &str) -> Option<(usize, &Entry)> {
        self.policies
            .iter()
            .enumerate()
            .find(|(_, entry)| entry.policy().kind() == kind && entry.name() == name)
    }
}
