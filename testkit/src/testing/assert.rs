use mainstay_runtime::Kind;

use super::{Scope, seen::Seen, story::What};
use crate::step::stop;

/// What the policies of a name did in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// How often the function's body was to run: as often as its `#[chaos]` was asked. Without one, of the calls that were
    /// tried again, the first attempts included; `None` where neither is there to count.
    pub attempts: Option<u64>,
    /// Attempts beyond the first.
    pub retries: u64,
    /// Calls that failed with no attempt or time left.
    pub exhausted: u64,
    /// Calls that were not let through.
    pub refused: u64,
    /// Calls whose time was up.
    pub timed_out: u64,
    /// Calls for which a fallback answered.
    pub fell_back: u64,
    /// Calls that got what an earlier one under their key gave.
    pub replayed: u64,
    /// How often a breaker opened by itself.
    pub opened: u64,
    /// Attempts beside a primary that took long.
    pub hedges: u64,
    /// Attempts that a budget did not permit.
    pub out_of_budget: u64,
    /// Faults that were injected.
    pub injected: u64,
}

impl Scope {
    /// What the policies of that name did so far.
    pub fn counts(&self, name: &str) -> Counts {
        let story = self.story();
        let mine: Vec<What> =
            story.events().iter().filter(|event| event.policy == name).map(|event| event.what).collect();
        let count = |wanted: fn(&What) -> bool| mine.iter().filter(|what| wanted(what)).count() as u64;
        let retries = count(|what| matches!(what, What::Retried { .. }));
        let retried_calls = count(|what| matches!(what, What::Retried { first: true }));
        let is_watched = self.watching.borrow().contains_key(name);
        let asked = if is_watched { self.plans.calls(name) } else { None };
        Counts {
            attempts: asked.or((retries > 0).then_some(retries + retried_calls)),
            retries,
            exhausted: count(|what| *what == What::Exhausted),
            refused: count(|what| matches!(what, What::Refused(kind) if *kind != Kind::TimedOut)),
            timed_out: count(|what| *what == What::Refused(Kind::TimedOut)),
            fell_back: count(|what| *what == What::FellBack),
            replayed: count(|what| *what == What::Replayed),
            opened: count(|what| *what == What::Opened),
            hedges: count(|what| *what == What::Hedged),
            out_of_budget: count(|what| *what == What::OutOfBudget),
            injected: count(|what| *what == What::Injected),
        }
    }

    /// How many calls the policies of that name answered with an error of that kind so far, in the body's place. See
    /// [`Assert::refused_as`].
    pub fn refusals(&self, name: &str, kind: Kind) -> u64 {
        let is_meant = |what: &What| *what == What::Refused(kind);
        self.story().events().iter().filter(|event| event.policy == name && is_meant(&event.what)).count()
            as u64
    }

    /// How much a number of the policies of that name has grown since the scope began: `hit` of a cache, `permitted` of a bulkhead,
    /// whatever [`policies()`](mainstay_runtime::registry::policies) lists. These are the program's numbers, also those of calls
    /// outside of the scope: [`hold`](Self::hold) the name.
    ///
    /// # Panics
    /// Where no policy of that name has such a number.
    #[track_caller]
    pub fn reading(&self, name: &str, reading: &str) -> u64 {
        self.seen.borrow().grown(name, reading).unwrap_or_else(|| {
            let known = Seen::readings(name).join("`, `");
            stop(&format!("no policy of the name `{name}` counts `{reading}`; they count `{known}`"))
        })
    }
}

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident: $what:literal;)*) => {$(
        $(#[$doc])*
        ///
        /// # Panics
        /// Where it is not so.
        #[track_caller]
        pub fn $name(self, expected: u64) -> Self {
            self.compare($what, expected, self.scope.counts(self.name).$name)
        }
    )*};
}

/// What should have happened under a name. Each method gives it back for the next; see [`Scope::assert`].
#[derive(Debug, Clone, Copy)]
pub struct Assert<'s> {
    scope: &'s Scope,
    name: &'s str,
}

impl<'s> Assert<'s> {
    pub(super) fn new(scope: &'s Scope, name: &'s str) -> Self {
        Self { scope, name }
    }

    /// So many times the body was to run. It takes a `#[chaos]` of that name to count them all; see [`Counts::attempts`].
    ///
    /// # Panics
    /// Where it is not so, or nothing counts them.
    #[track_caller]
    pub fn attempts(self, expected: u64) -> Self {
        match self.scope.counts(self.name).attempts {
            Some(found) => self.compare("attempts", expected, found),
            None => self.fail(&format!(
                "nothing counted the attempts: no call was tried again, and the first attempts are seen where `#[chaos({:?})]` \
                 stands last, right above the function",
                self.name
            )),
        }
    }

    counts! {
        /// So many attempts beyond the first.
        retries: "retries";
        /// So many calls failed with no attempt or time left.
        exhausted: "calls without an attempt left";
        /// So many calls were not let through.
        refused: "refused calls";
        /// So many calls ran out of time.
        timed_out: "calls out of time";
        /// So many times a fallback answered.
        fell_back: "fallbacks";
        /// So many calls got what an earlier one gave.
        replayed: "replayed calls";
        /// So often a breaker opened by itself.
        opened: "openings of the breaker";
        /// So many attempts beside a primary.
        hedges: "hedges";
        /// So many attempts that a budget did not permit.
        out_of_budget: "attempts out of budget";
        /// So many faults were injected.
        injected: "injected faults";
    }

    /// So many calls were answered with an error of that kind, in the body's place: not let through, cut off, or known already.
    ///
    /// ```
    /// use mainstay_runtime::{Error, Kind, throttle::Throttle};
    /// use mainstay_testkit::testing;
    ///
    /// let throttle = Throttle::builder().register("docs.refused_as")?;
    /// let scope = testing::scope();
    /// scope.close_throttle("docs.refused_as");
    /// assert!(throttle.call(|| Ok::<_, Error>(())).is_err());
    /// scope.assert("docs.refused_as").refused_as(Kind::ClientThrottled, 1).refused_as(Kind::CircuitOpen, 0);
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// Where it is not so.
    #[track_caller]
    pub fn refused_as(self, kind: Kind, expected: u64) -> Self {
        let what = format!("calls refused as {kind}");
        self.compare(&what, expected, self.scope.refusals(self.name, kind))
    }

    /// A breaker opened by itself, once.
    ///
    /// # Panics
    /// Where it is not so.
    #[track_caller]
    pub fn opened_once(self) -> Self {
        self.opened(1)
    }

    /// So many calls found their answer in a cache. See [`Scope::reading`].
    ///
    /// # Panics
    /// Where it is not so.
    #[track_caller]
    pub fn hits(self, expected: u64) -> Self {
        self.reading("hit", expected)
    }

    /// A number of the policies has grown by so much. See [`Scope::reading`].
    ///
    /// # Panics
    /// Where it has not, or there is no such number.
    #[track_caller]
    pub fn reading(self, reading: &str, expected: u64) -> Self {
        self.compare(reading, expected, self.scope.reading(self.name, reading))
    }

    /// The policies reported this, in this order, and nothing else; in the words of [`Recorder`](crate::Recorder).
    ///
    /// # Panics
    /// Where it is not so.
    #[track_caller]
    pub fn story(self, expected: &[&str]) -> Self {
        if self.scope.story().of(self.name) != expected {
            self.fail(&format!("expected {expected:#?}"));
        }
        self
    }

    #[track_caller]
    fn compare(self, what: &str, expected: u64, found: u64) -> Self {
        if found != expected {
            self.fail(&format!("expected {expected} {what}, there were {found}"));
        }
        self
    }

    #[track_caller]
    fn fail(&self, problem: &str) -> ! {
        let (name, story) = (self.name, self.scope.story());
        let time = self.scope.time();
        stop(&format!(
            "`{name}`: {problem}\n\nwhat happened, and when since the scope began ({time:?} time):\n{story}"
        ))
    }
}
