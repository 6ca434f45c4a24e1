//! What a function's calls come to: how many, how they ended, how long they took, how many are running.
//!
//! The twin of `#[metered]`. See [`Metered`].

mod call;
mod collect;
mod config;
mod outcome;
mod policy;
mod run;
mod series;
mod slo;
#[cfg(test)]
mod tests;
mod typed;

/// The error of an answer that may be a `Result`, and `None` of any other.
#[doc(hidden)]
#[macro_export]
macro_rules! __error_of {
    ($answer:expr) => {{
        #[allow(unused_imports)]
        use $crate::glue::metered::OtherAnswer as _;
        $crate::glue::metered::Answer($answer).error()
    }};
}

pub use call::MeteredCall;
pub use collect::MeteredMetrics;
pub use config::{MeteredConfig, Slo};
pub use outcome::Outcome;
pub use run::Metered;
pub use slo::slo_rules;
