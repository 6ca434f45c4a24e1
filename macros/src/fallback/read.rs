use crate::{
    options::options,
    values::{Callable, Patterns},
};

options! {
    /// The options of `#[fallback]`, besides the path or closure itself.
    pub(crate) struct Options {
        /// Which errors it answers for. Default: all of them, refusals included.
        on: Patterns,
    }
}

/// `#[fallback]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
    pub(super) callable: Option<Callable>,
    /// Whether the callable could not be read, and so is not missing.
    pub(super) misread: bool,
}

impl Room {
    /// Whether it is a closure, which may use the arguments.
    pub(crate) fn is_closure(&self) -> bool {
        matches!(self.callable, Some(Callable::Closure(_)))
    }

    /// Whether it answers for some errors only.
    pub(crate) fn is_filtered(&self) -> bool {
        self.options.on.is_some()
    }
}
