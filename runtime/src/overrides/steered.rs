use super::{Changed, Entry, Level, Live, Opt, Problem, Switch, known::ENABLED, rules, settings::Settings};
use crate::registry::Policy;

/// A policy of whatever kind, as overrides see it.
pub(crate) trait Steered: Sync {
    fn attribute(&self) -> &'static str;
    fn kind(&self) -> &'static str;
    /// The same for all references to one policy, and for no other.
    fn address(&self) -> usize;
    fn can_be_set(&self) -> bool;
    fn switch(&self) -> Switch;
    fn is_on(&self) -> bool;
    /// Each option with its value, in its own spelling, and what `settings` say of it.
    fn values<'s>(&self, name: &str, settings: Option<&'s Settings>) -> Vec<Shown<'s>>;
    /// What it takes to bring it to what `settings` say of `name`; `None` if it is so already.
    fn prepare(&'static self, name: &str, settings: &Settings) -> Result<Option<Prepared>, Vec<Problem>>;
}

/// An option, its value, and what sets it.
pub(crate) struct Shown<'s> {
    pub(super) option: &'static str,
    pub(super) value: Option<String>,
    /// What sets it from outside.
    pub(super) entry: Option<&'s Entry>,
    /// Whether the code may leave it out.
    pub(super) has_default: bool,
    /// Whether the code has it at its default, written there or not.
    pub(super) is_default: bool,
}

/// A checked change of one policy that is yet to be made.
pub(crate) struct Prepared {
    pub(super) changes: Vec<Changed>,
    apply: Box<dyn FnOnce() + Send>,
}

impl Prepared {
    pub(super) fn apply(self) -> Vec<Changed> {
        (self.apply)();
        self.changes
    }
}

impl<P: Policy> Steered for P {
    fn attribute(&self) -> &'static str {
        P::ATTRIBUTE
    }

    fn kind(&self) -> &'static str {
        P::KIND
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    fn can_be_set(&self) -> bool {
        self.live().is_some()
    }

    fn switch(&self) -> Switch {
        P::SWITCH
    }

    fn is_on(&self) -> bool {
        self.live().is_none_or(Live::is_on)
    }

    fn values<'s>(&self, name: &str, settings: Option<&'s Settings>) -> Vec<Shown<'s>> {
        let Some(live) = self.live() else { return Vec::new() };
        let said = settings.map_or_else(Vec::new, |settings| said::<P>(live, name, settings));
        let entry =
            |option: &str| said.iter().find(|(known, _)| known.name() == option).map(|(_, entry)| *entry);
        let defaults = P::defaults(live.code());
        let is_default = |option: &Opt<P::Config>| {
            let defaults = defaults.as_ref().filter(|_| option.has_default());
            defaults.is_some_and(|defaults| option.show(defaults) == option.show(live.code()))
        };
        let shown = |option: &'static Opt<P::Config>| Shown {
            option: option.name(),
            value: option.show(live.get()),
            entry: entry(option.name()),
            has_default: option.has_default(),
            is_default: is_default(option),
        };
        P::OPTIONS.iter().map(shown).collect()
    }

    fn prepare(&'static self, name: &str, settings: &Settings) -> Result<Option<Prepared>, Vec<Problem>> {
        let Some(live) = self.live() else { return Ok(None) };
        let config = configure::<P>(live, name, settings)?;
        let switch = settings.switch_of(name, P::ATTRIBUTE, P::SWITCH);
        if let Some((false, entry)) = switch
            && P::SWITCH == Switch::Never
        {
            return Err(vec![entry.problem(format!("the {} `{name}` cannot be switched off", P::KIND))]);
        }
        let on = switch.map_or(live.starts_on(), |(on, _)| on);
        let changes = differences::<P>(live, &config, on, name, settings);
        if *live.get() == config && live.is_on() == on {
            return Ok(None);
        }
        let apply = move || {
            if let Some(live) = self.live() {
                live.set(config, on);
                self.changed();
            }
        };
        Ok(Some(Prepared { changes, apply: Box::new(apply) }))
    }
}

/// What is said of each option: what is said of the kind first, then what is said of the name.
fn said<'s, P: Policy>(
    live: &Live<P::Config>,
    name: &str,
    settings: &'s Settings,
) -> Vec<(&'static Opt<P::Config>, &'s Entry)> {
    let of =
        |option: &'static Opt<P::Config>| Some((option, settings.of(name, P::ATTRIBUTE, option.name())?));
    let (mut of_kind, of_name): (Vec<_>, Vec<_>) =
        P::OPTIONS.iter().filter_map(of).partition(|(_, entry)| matches!(entry.level, Level::Kind(_)));
    // What is said of the kind passes over those that by themselves do not have the option.
    let own = of_name.iter().fold(live.code().clone(), |config, (option, entry)| {
        option.read(config.clone(), &entry.value).unwrap_or(config)
    });
    of_kind.retain(|(option, _)| option.fits(&own));
    of_kind.into_iter().chain(of_name).collect()
}

/// The code's configuration with what `settings` say.
fn configure<P: Policy>(
    live: &Live<P::Config>,
    name: &str,
    settings: &Settings,
) -> Result<P::Config, Vec<Problem>> {
    let said = said::<P>(live, name, settings);
    let config = rules::follow::<P>(live.code(), name, &said)?;
    if !live.has_room(&config)
        && let Some((_, entry)) = said.last()
    {
        let (kind, room) = (P::KIND, Live::<P::Config>::ROOM);
        let problem = format!(
            "the {kind} `{name}` has had {room} configurations, more than are kept; restart the program"
        );
        return Err(vec![entry.problem(problem)]);
    }
    Ok(config)
}

fn differences<P: Policy>(
    live: &Live<P::Config>,
    config: &P::Config,
    on: bool,
    name: &str,
    settings: &Settings,
) -> Vec<Changed> {
    const UNSET: &str = "none";
    let said = said::<P>(live, name, settings);
    let changed = |option: &'static str, old: String, new: String| {
        let entry = match option {
            ENABLED => settings.switch_of(name, P::ATTRIBUTE, P::SWITCH).map(|(_, entry)| entry),
            option => said.iter().find(|(known, _)| known.name() == option).map(|(_, entry)| *entry),
        };
        let origin = entry.map_or("code", |entry| &entry.place).to_owned();
        Changed { policy: name.to_owned(), kind: P::ATTRIBUTE, option, old, new, origin }
    };
    let show = |value: Option<String>| value.unwrap_or_else(|| UNSET.to_owned());
    let options = P::OPTIONS.iter().filter_map(|option| {
        let (old, new) = (option.show(live.get()), option.show(config));
        (old != new).then(|| changed(option.name(), show(old), show(new)))
    });
    let switch = (live.is_on() != on).then(|| changed(ENABLED, (!on).to_string(), on.to_string()));
    options.chain(switch).collect()
}
