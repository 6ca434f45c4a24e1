use std::mem::ManuallyDrop;

use super::Bulkhead;
use crate::let_go::quietly;

/// A place in a [`Bulkhead`]; dropping it gives the place to whoever has waited longest.
#[must_use = "the place is given back when this is dropped"]
#[derive(Debug)]
pub struct BulkheadPermit<'a> {
    bulkhead: &'a Bulkhead,
}

impl<'a> BulkheadPermit<'a> {
    /// Stands for a place that has been taken already.
    #[inline]
    pub(super) fn new(bulkhead: &'a Bulkhead) -> Self {
        Self { bulkhead }
    }

    /// The bulkhead whose place it is.
    pub fn bulkhead(&self) -> &'a Bulkhead {
        self.bulkhead
    }

    /// Gives the place back, in line: what a permit that is dropped does is a call, so that futures which hold one are
    /// dropped in few steps.
    #[doc(hidden)]
    #[inline]
    pub fn leave(self) {
        ManuallyDrop::new(self).bulkhead.places().release();
    }
}

impl Drop for BulkheadPermit<'_> {
    #[inline]
    fn drop(&mut self) {
        give_back(self.bulkhead);
    }
}

#[inline(never)]
#[allow(improper_ctypes_definitions, reason = "it is called from here alone")]
extern "C" fn give_back(bulkhead: &Bulkhead) {
    quietly(|| bulkhead.places().release());
}
