use crate::{
    options::options,
    values::{AnyExpr, Count, CountOrZero, Duration},
};

options! {
    /// The options of `#[bulkhead]`, besides the number of calls itself.
    pub(crate) struct Options {
        /// How long a call may wait for a place. Default: not at all, or without limit where `max_queue` is given.
        max_wait: Duration,
        /// How many calls may wait. Default: none, or as many as may run where `max_wait` is given.
        max_queue: CountOrZero,
        /// An instance of one's own: an expression that dereferences to `Bulkhead`.
        with: AnyExpr,
    }
}

/// `#[bulkhead]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
    pub(super) limit: Option<Count>,
    /// Whether the limit could not be read, and so is not missing.
    pub(super) misread: bool,
}
