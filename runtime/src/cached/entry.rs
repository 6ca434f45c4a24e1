use std::{any::Any, sync::Arc};

use super::generations::Stamp;
use crate::{clock::Instant, glue::Flow};

/// An error of whatever type, as callers of one cache share it.
pub(super) type Failure = Arc<dyn Any + Send + Sync>;

/// What a load gave.
#[derive(Clone)]
pub(super) enum Stored<V> {
    Value(V),
    /// One that is of no use when its time is up: it says that there is none.
    Absent(V),
    // Boxed, so that entries of small values are small.
    Error(Box<Failure>),
}

/// What is kept under a key.
#[derive(Clone)]
pub(super) struct Entry<V> {
    pub(super) stored: Stored<V>,
    pub(super) fresh_until: Instant,
    pub(super) stamp: Stamp,
}

/// What a load gave to those who waited for it.
pub(super) struct Outcome<V> {
    pub(super) stored: Stored<V>,
    /// What the one who loaded knows of its answer, for the policies further out.
    pub(super) flow: Flow,
}
