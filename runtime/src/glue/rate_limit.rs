use crate::{rate_limit::RateLimitStore, store::ToStore};

/// The store of a rate limit. Its type ends here, so that what asks and waits is compiled once, in this crate, and rustc
/// tells once that a store counts no limits.
pub fn limit_store<T: ToStore>(handle: &T) -> Box<dyn RateLimitStore>
where
    T::Store: RateLimitStore,
{
    Box::new(handle.to_store())
}
