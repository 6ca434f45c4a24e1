use crate::{
    options::options,
    values::{AnyExpr, Count, Duration, Flag, Names, words},
};

words! {
    OnDuplicate { Replay = "replay", Error = "error", }
    InFlight { Wait = "wait", Reject = "reject", }
    OnCancel { Release = "release", Keep = "keep", }
    OnStoreError { Closed = "closed", Open = "open", }
}

options! {
    /// The options of `#[idempotent]`.
    pub(crate) struct Options {
        /// By what repeated calls are known: an expression over the arguments that is a text, a whole number or a tuple of
        /// those. Required.
        key: AnyExpr,
        /// How long what a call gave is kept. Default "24h".
        ttl: Duration,
        /// Where records are kept beyond this process: an `Arc` of a store or a `&'static` reference to one. Default: memory.
        store: AnyExpr,
        /// The arguments that a repeated call must bring again.
        fingerprint: Names,
        /// What a repeated call gets: `replay` (default), what the first one gave, or `error`.
        on_duplicate: OnDuplicate,
        /// What a call gets while another one runs: `wait` (default) for its answer, or `reject`.
        in_flight: InFlight,
        /// How long a call waits for the one that runs. Default: as long as that takes.
        max_wait: Duration,
        /// Permanent errors are kept too. Default: a failed call gives its key back.
        store_err: Flag,
        /// How long a key stays claimed when its owner is no longer heard of. Default "30s".
        lease: Duration,
        /// What becomes of the key of a call that is dropped or panics: `release` (default) or `keep`.
        on_cancel: OnCancel,
        /// What happens where the store cannot answer: `closed` (default), the call is refused, or `open`, it runs.
        on_store_error: OnStoreError,
        /// How many keys are kept in memory. Default 1,000,000.
        max_entries: Count,
        /// The argument that is a transaction of the store's own database: the effect and the record are committed together.
        transaction: AnyExpr,
        /// An instance of one's own: an expression that dereferences to `Idempotency`.
        with: AnyExpr,
    }
}

/// `#[idempotent]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
}
