//! Values set from outside while the program runs: by name, by kind of policy, or all at once.

mod live;
mod option;
mod switch;
mod value;

pub use live::Live;
pub use option::Opt;
pub use switch::Switch;
