use super::Bulkhead;

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
}

impl Drop for BulkheadPermit<'_> {
    #[inline]
    fn drop(&mut self) {
        self.bulkhead.places().release();
    }
}
