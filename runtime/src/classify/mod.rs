//! One classification of errors, read by every policy.
//!
//! An error type says once what its errors are, by `#[derive(Classify)]` or by hand. Errors that say nothing count as
//! [`Class::Transient`].

mod class;
mod probe;

pub use class::{Class, Classify};
#[doc(hidden)]
pub use probe::{ErrorObject, OtherProbe, Probe};

/// The class of a value of any type: its own word if it has one, that of a [`crate::Error`] found inside it, or
/// [`Class::Transient`].
#[doc(hidden)]
#[macro_export]
macro_rules! __class_of {
    ($error:expr) => {{
        #[allow(unused_imports)]
        use $crate::classify::OtherProbe as _;
        $crate::classify::Probe($error).class()
    }};
}
