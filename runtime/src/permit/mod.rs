//! What the policies share that learn from answers: they give leave for a call, and are told what came of it.

mod call;
mod judge;
mod meaning;

pub(crate) use call::{call, call_async};
pub use judge::judged;
pub use meaning::{Learning, Meaning};
