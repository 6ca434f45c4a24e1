use super::BulkheadPermit;
use crate::Error;

/// How an attempt to enter ended, where the caller brought a deadline of its own.
#[must_use]
#[derive(Debug)]
pub enum Entry<'a> {
    /// The call may run until the permit is dropped.
    Entered(BulkheadPermit<'a>),
    /// The bulkhead refused: no queue, a full queue, or its own `max_wait` was up.
    Refused(Error),
    /// The caller's deadline came before a place did. Whoever set the deadline reports it; the bulkhead counts the
    /// call neither as admitted nor as rejected.
    Elapsed,
}
