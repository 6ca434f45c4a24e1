//! The function that an attribute stands on: its signature parsed, its body kept as raw tokens.

mod arguments;
mod cloned;
mod consumed;
mod frame;
mod function;
mod misplaced;
mod returns;

pub(crate) use arguments::{Argument, Arguments, Receiver, borrows};
pub(crate) use cloned::check_cloned;
pub(crate) use consumed::consumed;
pub(crate) use frame::{Frame, Leaf, Wrap};
pub(crate) use function::Function;
pub(crate) use misplaced::{misplaced, strip_policies};
pub(crate) use returns::{Flavor, Returns};
