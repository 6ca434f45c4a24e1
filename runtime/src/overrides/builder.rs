use std::{sync::Arc, time::Duration};

use super::{Environment, OverridesError, Report, Source, Values, program};

/// Values from outside for the policies of this program.
///
/// They are checked as a whole and then set; from then on they are in force for every call that begins, and policies that
/// are made later take theirs when they are registered. What is not set stays as it is in the code.
///
/// | said of | wins over |
/// |---|---|
/// | the name and attribute | everything |
/// | the attribute | all, and the code |
/// | all: the master switch | the code |
///
/// Of sources that set the same option at the same level, the later one wins: add the environment after files, and it
/// goes before them.
///
/// ```
/// use mainstay_runtime::{
///     bulkhead::Bulkhead,
///     overrides::{Values, overrides},
/// };
///
/// let error = overrides()
///     .environment()
///     .source(Values::new().kind("bulkhaed", "limit", 5))
///     .load()
///     .unwrap_err();
/// assert!(error.to_string().contains("did you mean `bulkhead`?"));
/// ```
pub fn overrides() -> Overrides {
    Overrides { sources: Vec::new(), later: Vec::new(), watch: None }
}

/// See [`overrides`].
#[must_use = "nothing is set before `load`"]
pub struct Overrides {
    sources: Vec<Box<dyn Source>>,
    later: Vec<String>,
    watch: Option<Duration>,
}

impl Overrides {
    /// Adds a source, which goes before those added so far.
    pub fn source(mut self, source: impl Source + 'static) -> Self {
        self.sources.push(Box::new(source));
        self
    }

    /// Adds the variables of this process: [`Environment::new`].
    pub fn environment(self) -> Self {
        self.source(Environment::new())
    }

    /// Adds values given here; see [`Values`].
    pub fn values(self, values: Values) -> Self {
        self.source(values)
    }

    /// Announces a policy that will be registered after the load, such as one for each tenant: its name is no mistake.
    /// Its values are checked when it is made, and one that does not fit it is logged and leaves the code's in force.
    pub fn later(mut self, name: impl Into<String>) -> Self {
        self.later.push(name.into());
        self
    }

    /// Asks the sources again each `period`, on a thread of its own, and loads what they say if that has changed. What
    /// cannot be followed is logged, once, and leaves everything as it is. A period below ten milliseconds counts as
    /// that.
    ///
    /// It goes by contents: files that are replaced by links, as Kubernetes does, are seen.
    pub fn watch(mut self, period: Duration) -> Self {
        self.watch = Some(period);
        self
    }

    /// Reads all sources, checks everything, and puts it in force: all or nothing. It takes the place of what an earlier
    /// load has set.
    ///
    /// Each change is logged and told to listeners as
    /// [`Event::Overridden`](crate::observe::Event::Overridden). Call it first thing in `main`, before the first call of
    /// an annotated function.
    ///
    /// # Errors
    /// Everything that cannot be followed, each with its place, its key and what to do; then nothing is changed.
    pub fn load(self) -> Result<Report, OverridesError> {
        program::load(Arc::from(self.sources), self.later, self.watch)
    }
}

impl std::fmt::Debug for Overrides {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Overrides")
            .field("sources", &self.sources.len())
            .field("later", &self.later)
            .field("watch", &self.watch)
            .finish()
    }
}
