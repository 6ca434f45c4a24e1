use std::sync::Weak;

use super::{core::Core, entry::Id};

/// A registered handler. Dropping this changes nothing: the handler stays.
#[derive(Debug, Clone)]
pub struct Registration {
    pub(super) core: Weak<Core>,
    pub(super) id: Id,
}

impl Registration {
    /// Takes the handler back, for what was closed before; whether it had not begun.
    pub fn remove(&self) -> bool {
        self.core.upgrade().is_some_and(|core| {
            let is_removed = core.state().remove(self.id);
            if is_removed {
                core.operations().remove(&self.id);
            }
            is_removed
        })
    }
}
