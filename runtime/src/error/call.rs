use std::{fmt, sync::Arc, time::Duration};

use super::Stored;

/// A call under an idempotency key, as far as a refusal tells of it. One thin word: errors lie in the futures of every
/// annotated function.
#[derive(Clone, PartialEq)]
pub struct KeyedCall(Arc<Particulars>);

#[derive(PartialEq)]
struct Particulars {
    key: Box<str>,
    lease_left: Option<Duration>,
    stored: Option<Stored>,
}

impl KeyedCall {
    pub(super) fn under(key: impl Into<Box<str>>) -> Self {
        Self::new(key, None, None)
    }

    pub(super) fn running(key: impl Into<Box<str>>, lease_left: Option<Duration>) -> Self {
        Self::new(key, lease_left, None)
    }

    pub(super) fn completed(key: impl Into<Box<str>>, stored: Stored) -> Self {
        Self::new(key, None, Some(stored))
    }

    fn new(key: impl Into<Box<str>>, lease_left: Option<Duration>, stored: Option<Stored>) -> Self {
        Self(Arc::new(Particulars { key: key.into(), lease_left, stored }))
    }

    /// The key.
    pub fn key(&self) -> &str {
        &self.0.key
    }

    /// When its lease runs out, if it is running and does not renew it; `None` where only its end can tell.
    pub fn lease_left(&self) -> Option<Duration> {
        self.0.lease_left
    }

    /// What it gave, if it has completed and the function returns a `T` when it succeeds.
    pub fn stored<T: 'static>(&self) -> Option<&T> {
        self.0.stored.as_ref()?.get()
    }
}

impl fmt::Debug for KeyedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Particulars { key, lease_left, stored } = &*self.0;
        let mut shown = f.debug_struct("KeyedCall");
        shown.field("key", key);
        if let Some(left) = lease_left {
            shown.field("lease_left", left);
        }
        if let Some(stored) = stored {
            shown.field("stored", stored);
        }
        shown.finish()
    }
}
