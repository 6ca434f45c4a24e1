use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use mainstay_runtime::{
    Error,
    chaos::{Chaos, Directing, Fate},
    registry::policies,
};

use super::{Time, current};
use crate::step::PATIENCE;

/// The same in real time, which a test is to see the end of.
const REAL_PATIENCE: Duration = Duration::from_secs(60);

/// What becomes of the next calls of a scope, by the name of their `#[chaos]`, and how many there were.
#[derive(Clone)]
pub(super) struct Plans {
    plans: Arc<Mutex<BTreeMap<String, Plan>>>,
    /// How long a call of the scope may go unanswered.
    patience: Duration,
}

#[derive(Default)]
struct Plan {
    calls: u64,
    next: VecDeque<(u64, Fate)>,
}

impl Plans {
    pub(super) fn new(time: Time) -> Self {
        let patience = if time == Time::Real { REAL_PATIENCE } else { PATIENCE };
        Self { plans: Arc::default(), patience }
    }

    fn plans(&self) -> MutexGuard<'_, BTreeMap<String, Plan>> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call, and says what becomes of it.
    fn meet(&self, name: &str) -> Option<Fate> {
        let mut plans = self.plans();
        let plan = plans.entry(name.to_owned()).or_default();
        plan.calls += 1;
        let (left, fate) = plan.next.front_mut()?;
        let fate = fate.clone();
        *left -= 1;
        if *left == 0 {
            plan.next.pop_front();
        }
        Some(fate)
    }

    /// How many calls there were; `None` where no `#[chaos]` of that name sees them.
    pub(super) fn calls(&self, name: &str) -> Option<u64> {
        policies().chaos(name)?;
        Some(self.plans().get(name).map_or(0, |plan| plan.calls))
    }

    pub(super) fn clear_counts(&self) {
        self.plans().values_mut().for_each(|plan| plan.calls = 0);
    }

    /// Sees the calls that `chaos` sees in the scope of that number.
    pub(super) fn watch(&self, chaos: &'static Chaos, scope: u64) -> Directing<'static> {
        let (plans, name) = (self.clone(), chaos.name());
        chaos.direct(move || if current::is_in(scope) { plans.meet(name) } else { None })
    }
}

/// What becomes of the next calls under a `#[chaos]`, in the order in which it is said. See
/// [`Scope::chaos`](super::Scope::chaos).
///
/// Calls beyond those are as if there were no chaos, and so are calls outside of the scope.
pub struct Faults<'s> {
    pub(super) plans: &'s Plans,
    pub(super) name: &'s str,
}

impl Faults<'_> {
    fn next(self, calls: u64, fate: Fate) -> Self {
        if calls > 0 {
            self.plans.plans().entry(self.name.to_owned()).or_default().next.push_back((calls, fate));
        }
        self
    }

    /// The next calls fail, with the `error` of the attribute or with [`Error::Injected`].
    pub fn fail(self, calls: u64) -> Self {
        self.next(calls, Fate::fail())
    }

    /// The next calls fail with that error, turned into the function's own as a refusal is. Where the attribute has an
    /// `error`, they fail with that.
    pub fn fail_with(self, calls: u64, error: Error) -> Self {
        self.next(calls, Fate::fail_with(error))
    }

    /// The next calls never answer, and so time out where there is a time limit. Without one, an async call is pending until
    /// it is dropped; what nothing has dropped after a day of the scope's time, or a minute of [real](super::Time::Real)
    /// time, panics, and so ends its test with the function's name and what to write. A sync call fails instead.
    pub fn hang(self, calls: u64) -> Self {
        let fate = Fate::hang_at_most(self.plans.patience);
        self.next(calls, fate)
    }

    /// The next calls run so much later.
    pub fn delay(self, calls: u64, by: Duration) -> Self {
        self.next(calls, Fate::delay(by))
    }

    /// The next calls panic.
    pub fn panic(self, calls: u64) -> Self {
        self.next(calls, Fate::panic())
    }

    /// The next calls run as if there were no chaos.
    pub fn pass(self, calls: u64) -> Self {
        self.next(calls, Fate::PASS)
    }

    /// All calls from then on fail.
    pub fn fail_for_good(self) -> Self {
        self.fail(u64::MAX)
    }

    /// All calls from then on never answer.
    pub fn hang_for_good(self) -> Self {
        self.hang(u64::MAX)
    }

    /// How many calls there have been in the scope.
    pub fn calls(&self) -> u64 {
        self.plans.calls(self.name).unwrap_or_default()
    }

    /// For how many calls something is planned yet.
    pub fn left(&self) -> u64 {
        let plans = self.plans.plans();
        let next = plans.get(self.name).map(|plan| plan.next.iter());
        next.into_iter().flatten().fold(0, |sum, (calls, _)| sum.saturating_add(*calls))
    }

    /// Forgets what is planned.
    pub fn clear(self) -> Self {
        if let Some(plan) = self.plans.plans().get_mut(self.name) {
            plan.next.clear();
        }
        self
    }
}

impl fmt::Debug for Faults<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults").field("name", &self.name).field("left", &self.left()).finish()
    }
}
