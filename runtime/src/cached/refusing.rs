//! How a call that waits for another's load is told that its time is over: as an error of its function, where the error's type
//! can hold a refusal. Others need no such type, so method resolution tells, as for [`Sharing`](super::Sharing).

use std::marker::PhantomData;

use crate::{Error, FromRefusal};

/// Asks how an error of type `E` is made of a refusal.
#[derive(Debug)]
pub struct RefusingProbe<E>(PhantomData<fn() -> E>);

impl<E> RefusingProbe<E> {
    /// The question.
    #[allow(clippy::new_without_default, reason = "glue")]
    #[inline]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// First choice: the error can hold it.
impl<E: FromRefusal> RefusingProbe<E> {
    /// How it is made.
    #[inline]
    pub fn refusing(self) -> Option<fn(Error) -> E> {
        Some(E::from_refusal)
    }
}

/// The choice after the first.
pub trait OtherRefusing<E> {
    /// How it is made.
    fn refusing(self) -> Option<fn(Error) -> E>;
}

/// Second choice: there is no way to say it.
impl<E> OtherRefusing<E> for &RefusingProbe<E> {
    #[inline]
    fn refusing(self) -> Option<fn(Error) -> E> {
        None
    }
}

/// The same by a `map_err`, whose argument need not be given a type.
#[inline]
pub fn refusing_by<E, F: FnOnce(Error) -> E>(map_err: F) -> Option<F> {
    Some(map_err)
}

/// How an error of a type is made of a refusal: an `Option` of a function.
#[doc(hidden)]
#[macro_export]
macro_rules! __refusing {
    ($error:ty) => {{
        #[allow(unused_imports)]
        use $crate::cached::OtherRefusing as _;
        $crate::cached::RefusingProbe::<$error>::new().refusing()
    }};
}

#[cfg(test)]
mod tests {
    use crate::{Error, Kind};

    #[test]
    fn errors_that_can_hold_a_refusal_do_and_others_need_not() {
        let refusing = crate::__refusing!(Box<dyn std::error::Error>).unwrap();
        assert!(refusing(Error::deadline_exceeded("d")).downcast_ref::<Error>().is_some());
        assert_eq!(
            crate::__refusing!(Error).unwrap()(Error::deadline_exceeded("d")).kind(),
            Kind::DeadlineExceeded
        );
        assert!(crate::__refusing!(String).is_none());
    }
}
