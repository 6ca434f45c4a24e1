//! Policies by name: the same name is the same instance everywhere.

mod policies;
mod shelf;
mod slot;

pub use policies::{Conflict, Policies, policies};
pub(crate) use policies::{log_conflicts, register};
pub use shelf::{Policy, Shelf};
pub use slot::{AnySlot, Slot};
