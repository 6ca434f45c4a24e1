use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Known, Level, Problem, Switch, known::ENABLED, suggest::remedy, value};

/// What the sources say, checked as far as it goes without the policies: one value per level and option.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    by_level: BTreeMap<Level, BTreeMap<String, Entry>>,
}

impl Settings {
    /// The entries by level; of several for one option the last one counts. Every one is checked, whether it counts or
    /// not. A value that cannot be read stays, so that the policies know of which option nothing is known.
    pub(super) fn gather(entries: Vec<Entry>, known: &Known, problems: &mut Vec<Problem>) -> Self {
        let mut settings = Self::default();
        for entry in entries {
            match check(&entry, known) {
                Ok(()) => settings.take(entry),
                Err(Wrong::Value(problem)) => {
                    problems.push(entry.problem(problem));
                    settings.take(entry);
                }
                Err(Wrong::Way(problem)) => problems.push(entry.problem(problem)),
            }
        }
        settings
    }

    fn take(&mut self, entry: Entry) {
        self.by_level.entry(entry.level.clone()).or_default().insert(entry.option.clone(), entry);
    }

    /// The value of an option for a policy: that of its name, else that of its kind.
    pub(super) fn of(&self, name: &str, attribute: &str, option: &str) -> Option<&Entry> {
        let at = |level| self.by_level.get(&level)?.get(option);
        at(Level::name(name, attribute)).or_else(|| at(Level::kind(attribute)))
    }

    /// What says whether a policy is on, if anything does.
    pub(super) fn switch_of(&self, name: &str, attribute: &str, switch: Switch) -> Option<(bool, &Entry)> {
        let narrow = self.of(name, attribute, ENABLED);
        let all = || self.by_level.get(&Level::All)?.get(ENABLED);
        // The master switch turns things off and never on, and has nothing to say to what is no shield.
        let says = narrow.or_else(|| all().filter(|_| switch == Switch::Shielding))?;
        Some((says.value.trim() == "true", says))
    }

    pub(super) fn len(&self) -> usize {
        self.by_level.values().map(BTreeMap::len).sum()
    }
}

/// What is wrong with an entry.
enum Wrong {
    /// There is no such option of such a policy, or nobody sets it from outside.
    Way(String),
    /// It has no such value.
    Value(String),
}

impl From<String> for Wrong {
    fn from(problem: String) -> Self {
        Self::Way(problem)
    }
}

/// Whether there is such an option, of such a policy, that can have such a value.
fn check(entry: &Entry, known: &Known) -> Result<(), Wrong> {
    let (option, text) = (entry.option.as_str(), entry.value.trim());
    let attribute = match &entry.level {
        Level::All if option == ENABLED => return Ok(value::flag(text).map(|_| ())?),
        Level::All => return Err("all policies have only `enabled` in common".to_owned().into()),
        Level::Kind(attribute) => attribute,
        Level::Name { name, attribute } => {
            check_attribute(attribute, known)?;
            check_name(name, attribute, known)?;
            attribute
        }
    };
    check_attribute(attribute, known)?;
    if option == ENABLED {
        let on = value::flag(text)?;
        if !on && known.kinds_of(attribute).all(|kind| kind.switch == Switch::Never) {
            let problem = format!(
                "a policy of `{attribute}` cannot be switched off, as calls would do again what was done; \
                 leave this out"
            );
            return Err(problem.into());
        }
        return Ok(());
    }
    let options = known.kinds_of(attribute).flat_map(|kind| &kind.options);
    let found: Vec<_> = options.filter(|known| known.name() == option).collect();
    match found.iter().find(|known| known.can_be_set()) {
        Some(known) => known.check(text).map_err(Wrong::Value),
        None if !found.is_empty() => {
            Err(format!("`{option}` of `{attribute}` is set in code only; leave it out").into())
        }
        None => {
            let remedy = remedy(option, known.options(attribute), "there is none");
            Err(format!("`{attribute}` has no option `{option}` that can be set; {remedy}").into())
        }
    }
}

fn check_attribute(attribute: &str, known: &Known) -> Result<(), String> {
    match known.kinds_of(attribute).next() {
        Some(_) => Ok(()),
        None => Err(format!(
            "`{attribute}` is no kind of policy; {}",
            remedy(attribute, known.attributes(), "there is none")
        )),
    }
}

fn check_name(name: &str, attribute: &str, known: &Known) -> Result<(), String> {
    if known.announced().any(|later| later == name) {
        return Ok(());
    }
    let others: BTreeSet<_> =
        known.policies().filter(|(known, _)| *known == name).map(|(_, attribute)| attribute).collect();
    if others.contains(attribute) {
        return Ok(());
    }
    if !others.is_empty() {
        let others = others.into_iter().map(|other| format!("`{other}`")).collect::<Vec<_>>().join(", ");
        return Err(format!("`{name}` has no `{attribute}` that can be set; it has {others}"));
    }
    let names = known.policies().map(|(name, _)| name).chain(known.announced());
    Err(format!(
        "no policy is called `{name}`; {}",
        remedy(name, names, "none has a name; one made later is announced with `later`")
    ))
}
