use mainstay::{chaos::Chaos, policies};

/// The policy of that name, switched on until what this gives is dropped.
pub(crate) fn on(name: &str) -> On {
    let chaos = policies().chaos(name).unwrap();
    chaos.enable();
    On(chaos)
}

pub(crate) struct On(pub(crate) &'static Chaos);

impl Drop for On {
    fn drop(&mut self) {
        self.0.disable();
    }
}
