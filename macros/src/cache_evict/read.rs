use crate::{
    options::options,
    values::{AnyExpr, Flag},
};

options! {
    /// The options of `#[cache_evict]`, besides the name of the cache.
    pub(crate) struct Options {
        /// What is evicted: an expression over the arguments, of the type that the cache's keys have.
        key: AnyExpr,
        /// Evicts everything in the cache.
        all: Flag,
        /// Evicts before the body runs, whatever comes of it, instead of after it has succeeded.
        before: Flag,
        /// The second tier of the cache: the same store as on `#[cached]`.
        store: AnyExpr,
        /// An instance of one's own: an expression that dereferences to `Cache`.
        with: AnyExpr,
    }
}

/// `#[cache_evict]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
}
