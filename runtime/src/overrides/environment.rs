use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
};

use super::{Entry, Known, Level, Problem, Said, Source, known::ENABLED, suggest::nearest};

/// Variables of the environment.
///
/// | variable | sets |
/// |---|---|
/// | `MAINSTAY_<NAME>_<ATTRIBUTE>_<OPTION>` | an option of a policy by its name |
/// | `MAINSTAY_<ATTRIBUTE>_<OPTION>` | an option of every policy of an attribute |
/// | `MAINSTAY_ENABLED` | the master switch |
/// | `CIRCUIT_BREAKER_FAILURE_THRESHOLD` | `failure_threshold` of every circuit breaker |
/// | `CIRCUIT_BREAKER_TIMEOUT` | `timeout` of every circuit breaker; a plain number is seconds |
/// | `RATE_LIMIT_REQUESTS_PER_SECOND` | `rate` of every rate limit |
/// | `RATE_LIMIT_BURST_SIZE` | `burst` of every rate limit |
///
/// In a variable a name is in capitals, and what is neither an ASCII letter nor a digit is `_`: `shop::charge` is
/// `SHOP__CHARGE`. The option `enabled` is there for every attribute. Those with `MAINSTAY_` go before the last four.
/// An empty variable counts as not set.
///
/// A variable that begins with `MAINSTAY_` and means nothing, or more than one thing, is an error. Those that Mainstay reads
/// elsewhere, such as `MAINSTAY_OPS_TOKEN`, mean what they mean there.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `None`: those of the process.
    given: Option<Vec<(OsString, OsString)>>,
    ignored: BTreeSet<String>,
}

const PREFIX: &str = "MAINSTAY_";

/// What Mainstay and its tests read under that prefix, and the overrides do not.
const RESERVED: [&str; 21] = [
    "MAINSTAY_CHROMEDRIVER",
    "MAINSTAY_CHROMIUM",
    "MAINSTAY_FILE_OF_CHILD",
    "MAINSTAY_FUNCTIONS",
    "MAINSTAY_FUZZ_CASES",
    "MAINSTAY_FUZZ_SEED",
    "MAINSTAY_INITDB",
    "MAINSTAY_OPS_HOSTS",
    "MAINSTAY_OPS_TOKEN",
    "MAINSTAY_OTLP_CHILD",
    "MAINSTAY_POSTGRES",
    "MAINSTAY_PROMETHEUS",
    "MAINSTAY_PROMTOOL",
    "MAINSTAY_REDIS_SERVER",
    "MAINSTAY_SEED",
    "MAINSTAY_SERVERS",
    "MAINSTAY_SERVERS_UNPACK",
    "MAINSTAY_STEPS",
    "MAINSTAY_TEST_PROGRAM",
    "MAINSTAY_TEST_UNHEARD",
    "MAINSTAY_UPDATE",
];

/// A variable without the prefix, which sets an option of every policy of an attribute.
struct Bare {
    variable: &'static str,
    attribute: &'static str,
    option: &'static str,
    /// Completes the value.
    complete: fn(&str) -> String,
}

const BARE: [Bare; 4] = [
    Bare::new("CIRCUIT_BREAKER_FAILURE_THRESHOLD", "circuit_breaker", "failure_threshold", str::to_owned),
    Bare::new("CIRCUIT_BREAKER_TIMEOUT", "circuit_breaker", "timeout", in_seconds),
    Bare::new("RATE_LIMIT_REQUESTS_PER_SECOND", "rate_limit", "rate", per_second),
    Bare::new("RATE_LIMIT_BURST_SIZE", "rate_limit", "burst", str::to_owned),
];

impl Bare {
    const fn new(
        variable: &'static str,
        attribute: &'static str,
        option: &'static str,
        complete: fn(&str) -> String,
    ) -> Self {
        Self { variable, attribute, option, complete }
    }
}

impl Environment {
    /// The variables of this process, read at each load.
    pub const fn new() -> Self {
        Self { given: None, ignored: BTreeSet::new() }
    }

    /// These, in place of those of the process.
    ///
    /// ```
    /// use mainstay_runtime::overrides::{Environment, overrides};
    ///
    /// let typed = Environment::of([("MAINSTAY_BULKHAED_ENABLED", "false")]);
    /// let error = overrides().source(typed).load().unwrap_err();
    /// assert!(error.to_string().contains("did you mean `MAINSTAY_BULKHEAD_ENABLED`?"));
    /// ```
    pub fn of<N: Into<OsString>, V: Into<OsString>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        let given = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self { given: Some(given.collect()), ignored: BTreeSet::new() }
    }

    /// Takes no notice of a variable that begins with `MAINSTAY_` and is somebody else's.
    #[must_use]
    pub fn ignore(mut self, variable: impl Into<String>) -> Self {
        self.ignored.insert(variable.into());
        self
    }

    /// Those that are ours and set, by name.
    fn ours(&self, said: &mut Said) -> BTreeMap<String, String> {
        let all = match &self.given {
            Some(given) => given.clone(),
            None => std::env::vars_os().collect(),
        };
        let mut ours = BTreeMap::new();
        for (name, value) in all {
            let name = name.to_string_lossy().into_owned();
            let is_ours = name.starts_with(PREFIX) || BARE.iter().any(|bare| bare.variable == name);
            let is_others = RESERVED.contains(&name.as_str()) || self.ignored.contains(&name);
            if !is_ours || is_others || value.is_empty() {
                continue;
            }
            match value.into_string() {
                Ok(value) => {
                    ours.insert(name, value);
                }
                Err(_) => said.fail(Problem::new(name, "", "its value is no text; write it in UTF-8")),
            }
        }
        ours
    }
}

impl Source for Environment {
    fn read(&self, known: &Known) -> Said {
        let mut said = Said::new();
        let mut ours = self.ours(&mut said);
        for Bare { variable, attribute, option, complete } in BARE {
            if let Some(value) = ours.remove(variable) {
                said.set(Entry::new(variable, Level::kind(attribute), option, complete(value.trim())));
            }
        }
        let meanings = if ours.is_empty() { BTreeMap::new() } else { meanings(known) };
        for (name, value) in ours {
            match meanings.get(&name).map(Vec::as_slice) {
                Some([(level, option)]) => said.set(Entry::new(name, level.clone(), *option, value)),
                Some(several) => said.fail(Problem::new(name, "", ambiguous(several))),
                None => said.fail(Problem::new(&name, "", unknown(&name, &meanings, known))),
            }
        }
        said
    }
}

type Meanings<'k> = BTreeMap<String, Vec<(Level, &'k str)>>;

/// What each variable there can be means.
fn meanings(known: &Known) -> Meanings<'_> {
    let mut meanings = Meanings::new();
    let mut add = |path: &str, level: Level, option| {
        let of_variable = meanings.entry(format!("{PREFIX}{path}{}", normal(option))).or_default();
        if !of_variable.contains(&(level.clone(), option)) {
            of_variable.push((level, option));
        }
    };
    add("", Level::All, ENABLED);
    let attributes = known.attributes();
    for attribute in &attributes {
        for option in known.options(attribute) {
            add(&format!("{}_", normal(attribute)), Level::kind(*attribute), option);
        }
    }
    let announced =
        known.announced().flat_map(|name| attributes.iter().map(move |attribute| (name, *attribute)));
    for (name, attribute) in known.policies().chain(announced) {
        for option in known.options(attribute) {
            let path = format!("{}_{}_", normal(name), normal(attribute));
            add(&path, Level::name(name, attribute), option);
        }
    }
    meanings
}

/// As it stands in a variable.
fn normal(name: &str) -> String {
    name.chars()
        .map(|char| if char.is_ascii_alphanumeric() { char.to_ascii_uppercase() } else { '_' })
        .collect()
}

fn ambiguous(meanings: &[(Level, &str)]) -> String {
    let all = meanings
        .iter()
        .map(|(level, option)| format!("`{level}.{option}`"))
        .collect::<Vec<_>>()
        .join(" and ");
    format!("it could mean {all}; say which in a file or in code, or give one policy another name")
}

fn unknown(name: &str, meanings: &Meanings<'_>, known: &Known) -> String {
    if let Some(nearest) = nearest(name, meanings.keys().map(String::as_str)) {
        return format!("it sets nothing; did you mean `{nearest}`?");
    }
    match policy_of(name, known) {
        Some(policy) => {
            let of_it = known.policies().filter(|(name, _)| *name == policy);
            let attributes: Vec<_> = of_it.map(|(_, attribute)| format!("`{attribute}`")).collect();
            format!(
                "it sets nothing: `{policy}` has {}; write MAINSTAY_{}_<ATTRIBUTE>_<OPTION> with one of these",
                attributes.join(", "),
                normal(policy)
            )
        }
        None => "it sets nothing: write MAINSTAY_<NAME>_<ATTRIBUTE>_<OPTION>, with a policy's name, or \
                 MAINSTAY_<ATTRIBUTE>_<OPTION>; if it is somebody else's, name it in `Environment::ignore`"
            .to_owned(),
    }
}

/// The policy whose name the variable begins with, the longest of several.
fn policy_of<'k>(variable: &str, known: &'k Known) -> Option<&'k str> {
    let rest = variable.strip_prefix(PREFIX)?;
    let begins = |policy: &str| rest.strip_prefix(&normal(policy)).is_some_and(|rest| rest.starts_with('_'));
    known.policies().map(|(name, _)| name).filter(|name| begins(name)).max_by_key(|name| name.len())
}

/// A plain number is seconds.
fn in_seconds(value: &str) -> String {
    if value.parse::<f64>().is_ok() { format!("{value}s") } else { value.to_owned() }
}

fn per_second(value: &str) -> String {
    if value.contains('/') { value.to_owned() } else { format!("{value}/s") }
}
