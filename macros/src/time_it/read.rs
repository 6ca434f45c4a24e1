use crate::{options::options, values::Bounds};

options! {
    /// The options of `#[time_it]`.
    pub(crate) struct Options {
        /// The upper bounds of the buckets. Default: from 5 ms to 10 s.
        buckets: Bounds,
    }
}

/// `#[time_it]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
}
