//! An answer for calls that failed: the twin of `#[fallback]`.

mod run;
mod switch;
#[cfg(test)]
mod tests;

pub use run::{Covers, EveryError, Fallback, FallbackBuilder};
pub use switch::FallbackSwitch;
