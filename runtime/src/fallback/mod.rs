//! An answer for calls that failed: the twin of `#[fallback]`.

mod run;
#[cfg(test)]
mod tests;

pub use run::{Covers, EveryError, Fallback, FallbackBuilder};
