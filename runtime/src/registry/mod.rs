//! Policies by name: the same name is the same instance everywhere.

mod any;
mod made;
mod options;
mod policies;
mod reading;
mod shelf;
mod slot;
#[cfg(test)]
mod tests;

pub use any::{AnyPolicy, Listed, Undo};
pub(crate) use made::made;
pub use policies::{Conflict, Policies, policies};
pub(crate) use policies::{kinds, log_conflicts, register};
pub use reading::{Order, Reading};
pub use shelf::{Policy, Shelf};
pub use slot::{AnySlot, Slot};
