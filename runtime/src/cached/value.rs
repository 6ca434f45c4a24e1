use std::any::Any;

/// What can be kept in a cache: `Clone + Send + Sync + 'static`, because callers on all threads get clones of it.
///
/// Where a clone is expensive, keep an `Arc` of the value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be kept in a cache",
    label = "the value is cloned for every caller, on whatever thread",
    note = "a cached value is `Clone + Send + Sync + 'static`; where cloning is impossible or expensive, return an `Arc<{Self}>`"
)]
pub trait CacheValue: Clone + Send + Sync + 'static {}

impl<V: Clone + Send + Sync + 'static> CacheValue for V {}

/// An error that can be kept in a cache.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be kept in a cache",
    label = "`cache_err` keeps errors of this type",
    note = "a cached error is `Clone + Send + Sync + 'static`; derive `Clone`, hold sources in an `Arc`, or leave out `cache_err`"
)]
pub trait CacheError: Any + Clone + Send + Sync {}

impl<E: Any + Clone + Send + Sync> CacheError for E {}

/// A value that may say that there is none: `Option`.
#[diagnostic::on_unimplemented(
    message = "`negative_ttl` is for functions whose value is an `Option`",
    label = "`{Self}` cannot say that there is no value",
    note = "return `Result<Option<{Self}>, _>`, or leave out `negative_ttl`"
)]
pub trait Absent {
    /// Whether there is no value.
    fn is_absent(&self) -> bool;
}

impl<T> Absent for Option<T> {
    #[inline]
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}
