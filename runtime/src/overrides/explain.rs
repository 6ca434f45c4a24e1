use std::{collections::BTreeMap, fmt};

use super::{
    Known, Level, Switch,
    known::{ENABLED, Target},
    settings::Settings,
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
    /// Its options in the order of the reference, `enabled` first. One that is not set is not among them, unless an override
    /// took it away.
    pub options: Vec<Valued>,
    address: usize,
}

/// An option, its value and its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Valued {
    /// The option.
    pub option: &'static str,
    /// The value in force, in the attribute's spelling.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
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
    /// How narrowly it was said: `code`, `all`, `kind` or `name`.
    pub const fn level(&self) -> &'static str {
        match self {
            Self::Code(_) => "code",
            Self::All(_) => "all",
            Self::Kind(_) => "kind",
            Self::Name(_) => "name",
        }
    }

    /// Where it is written: file and line, or variable.
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::Code(place) => place.as_deref(),
            Self::All(place) | Self::Kind(place) | Self::Name(place) => Some(place),
        }
    }

    /// Whether it is the code's own.
    pub const fn is_code(&self) -> bool {
        matches!(self, Self::Code(_))
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
            for Valued { option, value, origin } in &policy.options {
                writeln!(f, "    {option:names$}  {value:values$}  {origin}")?;
            }
        }
        Ok(())
    }
}

pub(super) fn explained(known: &Known, settings: Option<&Settings>) -> Explanation {
    let places = places();
    let policies = known.targets.iter().filter(|target| target.policy.can_be_set());
    Explanation { policies: policies.map(|target| one(target, settings, &places)).collect() }
}

fn one(
    Target { name, policy }: &Target,
    settings: Option<&Settings>,
    places: &BTreeMap<usize, String>,
) -> Explained {
    // What it refused when it was registered is not in force.
    let settings = settings.filter(|settings| policy.prepare(name, settings).is_ok());
    let attribute = policy.attribute();
    let code = || Origin::Code(places.get(&policy.address()).cloned());
    let origin = |entry: &super::Entry| match entry.level {
        Level::All => Origin::All(entry.place.clone()),
        Level::Kind(_) => Origin::Kind(entry.place.clone()),
        Level::Name { .. } => Origin::Name(entry.place.clone()),
    };
    let switch = settings.and_then(|settings| settings.switch_of(name, attribute, policy.switch()));
    let enabled = Valued {
        option: ENABLED,
        value: policy.is_on().to_string(),
        origin: switch.map_or_else(code, |(_, entry)| origin(entry)),
    };
    let options = policy.values(name, settings).into_iter().filter_map(|(option, value, entry)| {
        if value.is_none() && entry.is_none() {
            return None;
        }
        let value = value.unwrap_or_else(|| "none".to_owned());
        Some(Valued { option, value, origin: entry.map_or_else(code, origin) })
    });
    let enabled = Some(enabled).filter(|_| policy.switch() != Switch::Never);
    Explained {
        policy: name.clone(),
        attribute,
        kind: policy.kind(),
        options: enabled.into_iter().chain(options).collect(),
        address: policy.address(),
    }
}

/// Where each policy that an annotated function has is written, by its address.
fn places() -> BTreeMap<usize, String> {
    let mut places = BTreeMap::new();
    for site in catalog().sites() {
        for policy in site.stack().iter().filter_map(|layer| layer.instance()) {
            // Of functions that share a name, the first is the one whose options are in force.
            places.entry(policy.address()).or_insert_with(|| format!("{}:{}", site.file(), site.line()));
        }
    }
    places
}
