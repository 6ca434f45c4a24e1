//! What every backend of a store's trait must do, as one function for each trait. A rule that does not hold panics and says
//! which.

mod cache;
mod rules;

pub use cache::cache;
