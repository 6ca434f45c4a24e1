//! What is told of sites and policies, as JSON. `docs/reference/ops.md` describes it; a change that breaks readers changes
//! [`VERSION`].

use std::time::{SystemTime, UNIX_EPOCH};

use mainstay_runtime::{
    catalog::Layer,
    overrides::{self, Explanation, Problem},
    registry::{Order, Reading, policies},
};
use serde::{Serialize, Serializer};

use crate::{
    book::{Book, Entry, Place},
    wall,
};

pub(crate) const VERSION: u32 = 1;

/// Pairs as a JSON object, in their order.
#[derive(Debug)]
pub(crate) struct Pairs<K, V>(pub(crate) Vec<(K, V)>);

impl<K: Serialize, V: Serialize> Serialize for Pairs<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct SiteModel {
    pub(crate) path: &'static str,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
    pub(crate) stack: Vec<LayerModel>,
}

#[derive(Debug, Serialize)]
pub(crate) struct LayerModel {
    attribute: &'static str,
    /// The options as they are written.
    written: &'static str,
    /// The number of its policy.
    policy: Option<usize>,
}

impl SiteModel {
    pub(crate) fn of(place: &Place) -> Self {
        let layer = |(layer, policy): (&Layer, &Option<usize>)| LayerModel {
            attribute: layer.attribute(),
            written: layer.options(),
            policy: *policy,
        };
        let site = place.site;
        Self {
            path: site.path(),
            file: site.file(),
            line: site.line(),
            stack: site.stack().iter().zip(&place.policies).map(layer).collect(),
        }
    }
}

/// A policy, as far as it stays as it is.
#[derive(Debug, Serialize)]
pub(crate) struct PolicyModel<'a> {
    kind: &'static str,
    attribute: &'static str,
    name: &'a str,
    config: String,
    options: Pairs<String, String>,
    /// Those that can be set and are not.
    unset: Vec<&'static str>,
    /// Those of which nobody says anything, so that their defaults are in force.
    defaults: Vec<&'static str>,
    /// Where the options come from that are not the code's.
    origins: Pairs<&'static str, Origin>,
    orders: Vec<&'static str>,
    sites: &'a [usize],
}

/// Where the value of an option was set: how narrowly, and the file and line or the variable.
#[derive(Debug, Serialize)]
pub(crate) struct Origin {
    value: String,
    level: &'static str,
    place: String,
}

impl<'a> PolicyModel<'a> {
    fn of(entry: &'a Entry, explained: &Explanation) -> Self {
        let policy = entry.policy();
        let explained = explained.of(policy.address()).map_or(&[][..], |explained| &explained.options);
        let origins = explained.iter().filter(|valued| valued.origin.is_outside()).map(|valued| {
            let origin = Origin {
                value: valued.value.clone(),
                level: valued.origin.level(),
                place: valued.origin.place().unwrap_or_default().to_owned(),
            };
            (valued.option, origin)
        });
        // `enabled` is told where it was set from outside.
        let explained = explained.iter().filter(|valued| valued.option != "enabled");
        let (set, unset): (Vec<_>, Vec<_>) = explained.clone().partition(|valued| valued.is_set);
        let mut options: Vec<_> =
            set.into_iter().map(|valued| (valued.option.to_owned(), valued.value.clone())).collect();
        // What follows from other options, and what a policy tells that has none to be set.
        for (option, value) in policy.options() {
            if options.iter().all(|(known, _)| *known != option) {
                options.push((option, value));
            }
        }
        let is_unset = |option: &str| options.iter().all(|(known, _)| known != option);
        Self {
            unset: unset.iter().map(|valued| valued.option).filter(|option| is_unset(option)).collect(),
            defaults: explained
                .filter(|valued| valued.origin == overrides::Origin::Default)
                .map(|valued| valued.option)
                .collect(),
            options: Pairs(options),
            origins: Pairs(origins.collect()),
            kind: policy.kind(),
            attribute: policy.attribute(),
            name: entry.name(),
            config: policy.config(),
            orders: policy.orders().iter().copied().map(Order::as_str).collect(),
            sites: &entry.sites,
        }
    }
}

/// The same for the page, whose samples have values without names.
#[derive(Debug, Serialize)]
pub(crate) struct Numbered<'a> {
    #[serde(flatten)]
    model: PolicyModel<'a>,
    numbers: Vec<&'static str>,
    /// How many of them, the first ones or not, are totals: one letter each, `c` or `l`.
    sorts: String,
    bounds: &'a Option<Vec<f64>>,
}

impl<'a> Numbered<'a> {
    pub(crate) fn of(entry: &'a Entry, explained: &Explanation) -> Self {
        Self {
            model: PolicyModel::of(entry, explained),
            numbers: entry.numbers.iter().map(|(name, _)| *name).collect(),
            sorts: entry.numbers.iter().map(|(_, is_count)| if *is_count { 'c' } else { 'l' }).collect(),
            bounds: &entry.bounds,
        }
    }
}

/// The same with its state and numbers now.
#[derive(Debug, Serialize)]
pub(crate) struct Live<'a> {
    id: usize,
    #[serde(flatten)]
    model: PolicyModel<'a>,
    state: String,
    phase: Option<&'static str>,
    counts: Pairs<&'static str, u64>,
    levels: Pairs<&'static str, f64>,
    durations: Option<Durations>,
    changes: Vec<ChangeModel>,
}

#[derive(Debug, Serialize)]
struct Durations {
    count: u64,
    sum_seconds: f64,
    /// Upper bounds in seconds and how many calls fell into each; the last has no bound.
    buckets: Vec<(Option<f64>, u64)>,
}

#[derive(Debug, Serialize)]
struct ChangeModel {
    at_ms: u64,
    from: &'static str,
    to: &'static str,
}

impl<'a> Live<'a> {
    pub(crate) fn of(id: usize, entry: &'a Entry, explained: &Explanation) -> Self {
        let policy = entry.policy();
        let (mut counts, mut levels) = (Vec::new(), Vec::new());
        for reading in policy.readings() {
            match reading {
                Reading::Count(name, count) => counts.push((name, count)),
                Reading::Level(name, level) => levels.push((name, level)),
            }
        }
        let durations = policy.durations().map(|durations| {
            let bounds = durations.buckets().bounds().iter().copied().map(Some).chain([None]);
            Durations {
                count: durations.count(),
                sum_seconds: durations.sum(),
                buckets: bounds.zip(durations.counts().iter().copied()).collect(),
            }
        });
        let changes = policy.changes().into_iter().map(|change| ChangeModel {
            at_ms: wall::of(change.at),
            from: change.from.as_str(),
            to: change.to.as_str(),
        });
        Self {
            id,
            model: PolicyModel::of(entry, explained),
            state: policy.state(),
            phase: policy.phase(),
            counts: Pairs(counts),
            levels: Pairs(levels),
            durations,
            changes: changes.collect(),
        }
    }
}

/// The whole of `/policies`.
#[derive(Debug, Serialize)]
pub(crate) struct Everything<'a> {
    version: u32,
    now_ms: u64,
    service: &'a str,
    mainstay: &'static str,
    sites: Vec<SiteModel>,
    policies: Vec<Live<'a>>,
    conflicts: Vec<String>,
    overrides: Overrides,
}

/// What became of the latest loads of overrides.
#[derive(Debug, Serialize)]
struct Overrides {
    loaded_ms: Option<u64>,
    /// The latest load that changed something: when, and what.
    changed_ms: Option<u64>,
    changes: Vec<String>,
    /// Why the latest load was refused, if it was.
    refused_ms: Option<u64>,
    problems: Vec<String>,
}

impl Overrides {
    fn now() -> Self {
        let status = overrides::status();
        let (changed_ms, changes) = match status.changed {
            Some((at, report)) => (Some(ms(at)), report.changes().iter().map(ToString::to_string).collect()),
            None => (None, Vec::new()),
        };
        let (refused_ms, problems) = match status.refused {
            Some((at, error)) => (Some(ms(at)), error.problems().iter().map(Problem::to_string).collect()),
            None => (None, Vec::new()),
        };
        Self { loaded_ms: status.loaded.map(|(at, _)| ms(at)), changed_ms, changes, refused_ms, problems }
    }
}

fn ms(at: SystemTime) -> u64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

impl<'a> Everything<'a> {
    pub(crate) fn of(service: &'a str, book: &'a Book) -> Self {
        let explained = policies().explain();
        let live = |(id, entry): (usize, &'a Entry)| Live::of(id, entry, &explained);
        Self {
            version: VERSION,
            now_ms: wall::now(),
            service,
            mainstay: env!("CARGO_PKG_VERSION"),
            sites: book.sites.iter().map(SiteModel::of).collect(),
            policies: book.policies.iter().enumerate().map(live).collect(),
            overrides: Overrides::now(),
            conflicts: policies().conflicts().iter().map(ToString::to_string).collect(),
        }
    }
}
