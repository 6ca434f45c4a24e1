use std::{collections::BTreeMap, fmt};

use super::{
    Entry, Known, Level, Switch,
    known::{ENABLED, Target},
    settings::Settings,
    steered::Shown,
    written,
};
use crate::catalog::catalog;

/// Every option of every policy, its value, and where that comes from; from
/// [`policies().explain()`](crate::registry::Policies::explain).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    policies: Vec<Explained>,
}

/// A policy's options.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explained {
    /// The name, as the registry has it.
    pub policy: String,
    /// The attribute.
    pub attribute: &'static str,
    /// The kind: the attribute, or a finer word such as `keyed_rate_limit`.
    pub kind: &'static str,
    /// Its options in the order of the reference, `enabled` first: all that can be set from outside, set or not, and of what
    /// is code only that which the code says.
    pub options: Vec<Valued>,
    address: usize,
}

/// An option, its value and its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Valued {
    /// The option.
    pub option: &'static str,
    /// The value in force, in the attribute's spelling; `not set` where there is none.
    pub value: String,
    /// Whether there is one.
    pub is_set: bool,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody says anything of it.
    Default,
    /// The code: the place of the annotated function, `None` for what a builder made.
    Code(Option<String>),
    /// Said of all policies, there.
    All(String),
    /// Said of the attribute, there.
    Kind(String),
    /// Said of the name, there.
    Name(String),
}

impl Origin {
    /// How narrowly it was said: `default`, `code`, `all`, `kind` or `name`.
    pub const fn level(&self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Code(_) => "code",
            Self::All(_) => "all",
            Self::Kind(_) => "kind",
            Self::Name(_) => "name",
        }
    }

    /// Where it is written: file and line, or variable.
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::Default => None,
            Self::Code(place) => place.as_deref(),
            Self::All(place) | Self::Kind(place) | Self::Name(place) => Some(place),
        }
    }

    /// Whether it was said outside of the code.
    pub const fn is_outside(&self) -> bool {
        matches!(self, Self::All(_) | Self::Kind(_) | Self::Name(_))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place() {
            Some(place) => write!(f, "{}, {place}", self.level()),
            None => f.write_str(self.level()),
        }
    }
}

impl Explanation {
    /// The policies, by kind and name.
    pub fn policies(&self) -> &[Explained] {
        &self.policies
    }

    /// The policy of that attribute and name.
    pub fn find(&self, attribute: &str, name: &str) -> Option<&Explained> {
        self.policies.iter().find(|one| one.attribute == attribute && one.policy == name)
    }

    /// The policy that has this [address](crate::registry::AnyPolicy::address).
    pub fn of(&self, address: usize) -> Option<&Explained> {
        self.policies.iter().find(|one| one.address == address)
    }
}

impl Explained {
    /// The option of that name.
    pub fn option(&self, name: &str) -> Option<&Valued> {
        self.options.iter().find(|valued| valued.option == name)
    }
}

/// A line for each policy and one for each option: its value, and where it comes from.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = || self.policies.iter().flat_map(|policy| &policy.options);
        let width = |text: fn(&Valued) -> usize| options().map(text).max().unwrap_or(0);
        let (names, values) =
            (width(|valued| valued.option.len()), width(|valued| valued.value.chars().count()).min(24));
        for policy in &self.policies {
            writeln!(f, "{} `{}`", policy.kind, policy.policy)?;
            for Valued { option, value, origin, .. } in &policy.options {
                writeln!(f, "    {option:names$}  {value:values$}  {origin}")?;
            }
        }
        Ok(())
    }
}

pub(super) fn explained(known: &Known, settings: Option<&Settings>) -> Explanation {
    let written = written_in_code();
    let one = |target: &Target| one(target, settings, written.get(&target.policy.address()));
    Explanation { policies: known.targets.iter().map(one).collect() }
}

/// What the code says of a policy, and where.
struct Written {
    place: String,
    options: Vec<(&'static str, Option<&'static str>)>,
}

fn one(target: &Target, settings: Option<&Settings>, written: Option<&Written>) -> Explained {
    let Target { name, policy } = target;
    // What it refused when it was registered is not in force.
    let settings = settings.filter(|settings| policy.prepare(name, settings).is_ok());
    let attribute = policy.attribute();
    let code = || Origin::Code(written.map(|written| written.place.clone()));
    let outside = |entry: &Entry| match entry.level {
        Level::All => Origin::All(entry.place.clone()),
        Level::Kind(_) => Origin::Kind(entry.place.clone()),
        Level::Name { .. } => Origin::Name(entry.place.clone()),
    };
    let switch = settings.and_then(|settings| settings.switch_of(name, attribute, policy.switch()));
    let enabled = Valued {
        option: ENABLED,
        value: policy.is_on().to_string(),
        is_set: true,
        origin: switch.map_or(Origin::Default, |(_, entry)| outside(entry)),
    };
    let shown = policy.values(name, settings);
    let of_code = written.map(|written| only_in_code(written, &shown)).unwrap_or_default();
    let options = shown.into_iter().map(|Shown { option, value, entry, has_default, is_default }| {
        let is_written = match written {
            Some(written) => !has_default || written.options.iter().any(|(known, _)| *known == option),
            None => !is_default,
        };
        let in_code = || if is_written { code() } else { Origin::Default };
        Valued {
            option,
            is_set: value.is_some(),
            value: value.unwrap_or_else(|| "not set".to_owned()),
            origin: entry.map_or_else(in_code, outside),
        }
    });
    let enabled = Some(enabled).filter(|_| policy.switch() != Switch::Never);
    Explained {
        policy: name.clone(),
        attribute,
        kind: policy.kind(),
        options: enabled.into_iter().chain(options).chain(of_code).collect(),
        address: policy.address(),
    }
}

/// What is written, and cannot be set from outside: patterns, expressions, stores.
fn only_in_code(written: &Written, shown: &[Shown<'_>]) -> Vec<Valued> {
    let is_other = |option: &str| {
        !["name", "crate"].contains(&option) && shown.iter().all(|shown| shown.option != option)
    };
    let given = written.options.iter().filter_map(|(option, value)| Some((*option, (*value)?)));
    given
        .filter(|(option, _)| is_other(option))
        .map(|(option, value)| Valued {
            option,
            value: value.to_owned(),
            is_set: true,
            origin: Origin::Code(Some(written.place.clone())),
        })
        .collect()
}

/// What is written of each policy that an annotated function has, by its address.
fn written_in_code() -> BTreeMap<usize, Written> {
    let mut all = BTreeMap::new();
    for site in catalog().sites() {
        for layer in site.stack() {
            let Some(policy) = layer.instance() else { continue };
            // Of functions that share a name, the first is the one whose options are in force.
            all.entry(policy.address()).or_insert_with(|| Written {
                place: format!("{}:{}", site.file(), site.line()),
                options: written::options(layer.options()).collect(),
            });
        }
    }
    all
}
