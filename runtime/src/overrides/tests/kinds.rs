//! Kinds of policy with nothing behind them, and a desk for each test.

use std::{cell::RefCell, collections::BTreeSet, fmt, sync::Arc, time::Duration};

use super::super::{
    Explanation, Known, Live, Opt, OverridesError, Report, Source, Steered, Switch,
    desk::Desk,
    explain::explained,
    known::{Kind, Target},
};
use crate::{
    ConfigError, Name,
    rate_limit::Rate,
    registry::{Policy, Reading, Shelf},
    sync::{AtomicU32, Ordering},
};

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Config {
    pub(super) limit: u32,
    pub(super) wait: Duration,
    pub(super) share: f64,
    pub(super) factor: f64,
    pub(super) rate: Rate,
    pub(super) strict: bool,
    pub(super) order: usize,
    pub(super) queue: Option<u32>,
    pub(super) greeting: String,
}

pub(super) const ORDERS: &[&str] = &["first", "last"];

impl Config {
    pub(super) const fn new() -> Self {
        Self {
            limit: 10,
            wait: Duration::from_secs(1),
            share: 0.5,
            factor: 2.0,
            rate: Rate::per_second(100),
            strict: false,
            order: 0,
            queue: None,
            greeting: String::new(),
        }
    }

    fn check(&self) -> Result<(), ConfigError> {
        if self.limit == 0 {
            return Err(ConfigError::new("limit", "no call could ever enter; let at least 1 in"));
        }
        if self.queue == Some(0) && !self.wait.is_zero() {
            return Err(ConfigError::new("queue", "nobody can wait in a queue of 0; write at least 1"));
        }
        Ok(())
    }
}

const OPTIONS: &[Opt<Config>] = &[
    Opt::count("limit", |config, limit| Config { limit, ..config }, |config| Some(config.limit.to_string())),
    Opt::duration(
        "wait",
        |config, wait| Config { wait, ..config },
        |config| Some(format!("{:?}", config.wait)),
    ),
    Opt::ratio("share", |config, share| Config { share, ..config }, |config| Some(config.share.to_string())),
    Opt::number(
        "factor",
        |config, factor| Config { factor, ..config },
        |config| Some(config.factor.to_string()),
    ),
    Opt::rate("rate", |config, rate| Config { rate, ..config }, |config| Some(config.rate.to_string())),
    Opt::flag(
        "strict",
        |config, strict| Config { strict, ..config },
        |config| Some(config.strict.to_string()),
    ),
    Opt::word(
        "order",
        ORDERS,
        |config, order| Config { order, ..config },
        |config| ORDERS.get(config.order).map(ToString::to_string),
    ),
    Opt::count(
        "queue",
        |config, queue| Config { queue: Some(queue), ..config },
        |config| config.queue.map(|queue| queue.to_string()),
    )
    .optional(|config| Config { queue: None, ..config }),
    Opt::text(
        "greeting",
        |config, text| match text.len() {
            0..=20 => Ok(Config { greeting: text.to_owned(), ..config }),
            _ => Err(format!("`{text}` is too long; write at most 20 letters")),
        },
        |config| Some(config.greeting.clone()),
    )
    .only_if(|config| !config.strict),
    Opt::code("built_in", |_| Some("7".to_owned())),
];

/// A policy of one of four kinds.
pub(super) struct Of<const KIND: usize> {
    name: Name,
    live: Live<Config>,
    /// How often it was told to follow.
    pub(super) followed: AtomicU32,
}

pub(super) type Gate = Of<0>;
pub(super) type Answer = Of<1>;
pub(super) type Once = Of<2>;
pub(super) type Storm = Of<3>;

pub(super) const ATTRIBUTES: [&str; 4] = ["gate", "spare_answer", "once", "storm"];
pub(super) const SWITCHES: [Switch; 4] = [Switch::Shielding, Switch::Fallback, Switch::Never, Switch::Chaos];

impl<const KIND: usize> fmt::Debug for Of<KIND> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", ATTRIBUTES[KIND], self.live)
    }
}

impl<const KIND: usize> Policy for Of<KIND> {
    const ATTRIBUTE: &'static str = ATTRIBUTES[KIND];
    const OPTIONS: &'static [Opt<Config>] = OPTIONS;
    const SWITCH: Switch = SWITCHES[KIND];
    type Config = Config;

    fn name(&self) -> &Name {
        &self.name
    }

    fn same_config(&self, other: &Self) -> bool {
        self.live.code() == other.live.code()
    }

    fn describe_config(&self) -> String {
        format!("{:?}", self.live)
    }

    fn describe_state(&self) -> String {
        String::new()
    }

    fn read(&self, _give: &mut dyn FnMut(Reading)) {}

    fn live(&self) -> Option<&Live<Config>> {
        Some(&self.live)
    }

    fn defaults(_code: &Config) -> Option<Config> {
        Some(Config::new())
    }

    fn check_config(config: &Config) -> Result<(), ConfigError> {
        config.check()
    }

    fn changed(&self) {
        self.followed.fetch_add(1, Ordering::Relaxed);
    }

    fn reset(&self) {}

    fn shelf() -> &'static Shelf<Self> {
        unreachable!("a desk of its own finds it")
    }
}

thread_local! {
    static HERE: RefCell<Vec<Target>> = const { RefCell::new(Vec::new()) };
}

/// Makes a policy that the desks of this thread find.
pub(super) fn make<const KIND: usize>(name: &str) -> &'static Of<KIND> {
    make_with(name, Config::new())
}

pub(super) fn make_with<const KIND: usize>(name: &str, config: Config) -> &'static Of<KIND> {
    let live = if SWITCHES[KIND] == Switch::Chaos { Live::off(config) } else { Live::new(config) };
    let policy: &'static Of<KIND> =
        Box::leak(Box::new(Of { name: Name::from(name.to_owned()), live, followed: AtomicU32::new(0) }));
    HERE.with_borrow_mut(|here| here.push(Target::new((name.to_owned(), policy))));
    policy
}

/// Has the desks of this thread find one that is there already.
pub(super) fn put(name: &str, policy: &'static dyn Steered) {
    HERE.with_borrow_mut(|here| here.push(Target { name: name.to_owned(), policy }));
}

/// Forgets the policies of this thread.
pub(super) fn clear() {
    HERE.with_borrow_mut(Vec::clear);
}

pub(super) fn find() -> Known {
    Known {
        kinds: vec![Kind::of::<Gate>(), Kind::of::<Answer>(), Kind::of::<Once>(), Kind::of::<Storm>()],
        targets: HERE.with_borrow(Clone::clone),
        later: BTreeSet::new(),
    }
}

impl<const KIND: usize> Of<KIND> {
    /// Its option in force, as it is shown.
    pub(super) fn shows(&self, option: &str) -> String {
        let option = OPTIONS.iter().find(|known| known.name() == option).unwrap();
        option.show(self.live.get()).unwrap_or_else(|| "none".to_owned())
    }

    pub(super) fn config(&self) -> &Config {
        self.live.get()
    }

    pub(super) fn is_on(&self) -> bool {
        self.live.is_on()
    }
}

pub(super) fn desk() -> Desk {
    clear();
    Desk::new(find)
}

pub(super) fn load(
    desk: &Desk,
    sources: impl IntoIterator<Item = Box<dyn Source>>,
) -> Result<Report, OverridesError> {
    desk.load(sources.into_iter().collect::<Arc<[_]>>(), Vec::new())
}

pub(super) fn load_one(desk: &Desk, source: impl Source + 'static) -> Result<Report, OverridesError> {
    load(desk, [Box::new(source) as Box<dyn Source>])
}

pub(super) fn explain(desk: &Desk) -> Explanation {
    explained(&find(), desk.in_force().as_deref())
}
