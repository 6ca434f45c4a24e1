use crate::store::{StoreRef, ToStore};

/// The store of an annotated call.
pub fn stored<T: ToStore + ?Sized>(handle: &T) -> StoreRef<T::Store> {
    handle.to_store()
}
