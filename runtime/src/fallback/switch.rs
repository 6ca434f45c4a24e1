use crate::{
    Name,
    observe::{Counter, Event, report},
    overrides::{Live, Switch},
    registry::{Order, Policy, Reading, Shelf},
};

/// The fallback of a function as the registry has it: how often it has answered, and whether it may.
///
/// Its name is the one given in `#[fallback("name", …)]`, else the function's path. Nothing of it is touched by a call that
/// succeeds.
#[derive(Debug)]
pub struct FallbackSwitch {
    name: Name,
    live: Live<()>,
    answered: Counter,
}

impl FallbackSwitch {
    #[doc(hidden)]
    pub const fn from_static(name: &'static str) -> Self {
        Self::new(Name::from_static(name))
    }

    pub(super) const fn new(name: Name) -> Self {
        Self { name, live: Live::new(()), answered: Counter::new() }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Whether it answers. It does unless overrides say `enabled = false` of its name or of all fallbacks; the master switch
    /// leaves it on.
    #[inline]
    pub fn is_on(&self) -> bool {
        self.live.is_on()
    }

    /// How many calls it has answered for.
    pub fn answered(&self) -> u64 {
        self.answered.get()
    }

    /// It answers.
    #[doc(hidden)]
    #[cold]
    pub fn note(&self) {
        self.answered.increment();
        report(&Event::FellBack { policy: self.name() });
    }
}

impl Policy for FallbackSwitch {
    const ATTRIBUTE: &'static str = "fallback";
    const ORDERS: &'static [Order] = &[];
    type Config = ();
    const SWITCH: Switch = Switch::Fallback;

    fn name(&self) -> &Name {
        &self.name
    }

    fn same_config(&self, _: &Self) -> bool {
        true
    }

    fn describe_config(&self) -> String {
        String::new()
    }

    fn describe_state(&self) -> String {
        let off = if self.is_on() { "" } else { ", switched off" };
        format!("{} answered{off}", self.answered())
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("answered", self.answered()));
    }

    fn live(&self) -> Option<&Live<()>> {
        Some(&self.live)
    }

    /// The count runs on.
    fn reset(&self) {}

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<FallbackSwitch> = Shelf::new();
        &SHELF
    }
}
