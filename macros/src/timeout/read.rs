use crate::{
    options::options,
    values::{AnyExpr, Duration, Flag, words},
};

words! {
    Blocking { Thread = "thread", }
}

options! {
    /// The options of `#[timeout]`, besides the duration itself.
    pub(crate) struct Options {
        /// How long a call may take, the same as a duration in the first place: the name under which it is set from outside.
        limit: Duration,
        /// The call is cut off by a timer of its own, to the millisecond. Without it by one that all share, up to 2 ms late.
        exact: Flag,
        /// For a sync function: `thread` runs the body on a thread of its own, which is left behind when time is up.
        blocking: Blocking,
        /// An instance of one's own, instead of the duration: an expression that dereferences to `Timeout`.
        with: AnyExpr,
    }
}

/// `#[timeout]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
    /// The duration without a name.
    pub(super) unnamed: Option<Duration>,
    /// Whether that could not be read, and so is not missing.
    pub(super) misread: bool,
}

impl Room {
    /// The limit, in whichever form it is written.
    pub(super) fn limit(&self) -> Option<&Duration> {
        self.unnamed.as_ref().or(self.options.limit.as_ref().map(|given| &given.value))
    }

    /// The limit, if it is known when compiling.
    pub(crate) fn nanos(&self) -> Option<u64> {
        self.limit().and_then(Duration::nanos)
    }
}
