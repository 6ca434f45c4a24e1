//! How callers of one load get its error: as clones, where the error's type allows it. Generated code cannot know the type,
//! so method resolution tells, as for [`classify`](crate::classify).

use std::{any::Any, marker::PhantomData, sync::Arc};

use super::{CacheError, entry::Failure};

/// How errors of a type are handed on.
pub struct Sharing<E> {
    share: fn(&E) -> Failure,
    read: fn(&(dyn Any + Send + Sync)) -> Option<E>,
}

impl<E> Clone for Sharing<E> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Sharing<E> {}

impl<E> std::fmt::Debug for Sharing<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sharing")
    }
}

impl<E: CacheError> Sharing<E> {
    /// As clones.
    #[inline]
    pub const fn by_clone() -> Self {
        Self { share: |error| Arc::new(error.clone()), read: |failure| failure.downcast_ref::<E>().cloned() }
    }
}

impl<E> Sharing<E> {
    pub(super) fn share(self, error: &E) -> Failure {
        (self.share)(error)
    }

    pub(super) fn read(self, failure: &Failure) -> Option<E> {
        (self.read)(&**failure)
    }
}

/// Asks how errors of type `E` are shared.
#[derive(Debug)]
pub struct SharingProbe<E>(PhantomData<fn() -> E>);

impl<E> SharingProbe<E> {
    /// The question.
    #[allow(clippy::new_without_default, reason = "glue")]
    #[inline]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// First choice: the error can be cloned.
impl<E: CacheError> SharingProbe<E> {
    /// How they are shared.
    #[inline]
    pub fn sharing(self) -> Option<Sharing<E>> {
        Some(Sharing::by_clone())
    }
}

/// The choice after the first.
pub trait OtherSharing<E> {
    /// How they are shared.
    fn sharing(self) -> Option<Sharing<E>>;
}

/// Second choice: each caller has to see for itself.
impl<E> OtherSharing<E> for &SharingProbe<E> {
    #[inline]
    fn sharing(self) -> Option<Sharing<E>> {
        None
    }
}

/// How errors of a type are shared: an `Option<Sharing<_>>`.
#[doc(hidden)]
#[macro_export]
macro_rules! __sharing {
    ($error:ty) => {{
        #[allow(unused_imports)]
        use $crate::cached::OtherSharing as _;
        $crate::cached::SharingProbe::<$error>::new().sharing()
    }};
}

#[cfg(test)]
mod tests {
    struct Alone;

    #[test]
    fn errors_that_can_be_cloned_are_shared_and_others_are_not() {
        let sharing = crate::__sharing!(String).unwrap();
        let failure = sharing.share(&"down".to_owned());
        assert_eq!(sharing.read(&failure).as_deref(), Some("down"));
        assert_eq!(crate::__sharing!(u32).unwrap().read(&failure), None);
        assert!(crate::__sharing!(Alone).is_none());
    }

    #[test]
    fn a_generic_error_is_shared_by_its_bounds() {
        fn bounded<E: Clone + Send + Sync + 'static>() -> bool {
            crate::__sharing!(E).is_some()
        }
        fn unbounded<E>() -> bool {
            crate::__sharing!(E).is_some()
        }
        assert!(bounded::<u32>() && !unbounded::<u32>());
    }
}
