use crate::{
    options::options,
    values::{AnyExpr, Duration, words},
};

words! {
    Blocking { Thread = "thread", }
}

options! {
    /// The options of `#[timeout]`, besides the duration itself.
    pub(crate) struct Options {
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
    pub(super) limit: Option<Duration>,
    /// Whether the limit could not be read, and so is not missing.
    pub(super) misread: bool,
}

impl Room {
    /// The limit, if it is known when compiling.
    pub(crate) fn nanos(&self) -> Option<u64> {
        self.limit.as_ref().and_then(Duration::nanos)
    }
}
