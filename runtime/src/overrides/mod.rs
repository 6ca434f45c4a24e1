//! Values set from outside while the program runs: by name, by kind of policy, or all at once.

mod builder;
mod desk;
mod entry;
mod environment;
mod explain;
mod known;
mod live;
#[cfg(all(test, mainstay_loom))]
mod loom;
mod option;
mod problem;
mod program;
mod report;
mod rules;
mod said;
mod settings;
mod source;
mod status;
mod steered;
mod suggest;
mod switch;
#[cfg(test)]
mod tests;
mod value;
mod values;
mod watch;
mod written;

pub use builder::{Overrides, overrides};
pub use entry::{Entry, Level};
pub use environment::Environment;
pub use explain::{Explained, Explanation, Origin, Valued};
pub use known::Known;
pub(crate) use known::{Kind, Target};
pub use live::Live;
pub use option::Opt;
pub use problem::{OverridesError, Problem};
pub(crate) use program::{adopt, explain, report_adopted};
pub use program::{reload, status};
pub use report::{Changed, Report};
pub use said::Said;
pub use source::Source;
pub use status::LoadStatus;
pub(crate) use steered::Steered;
pub use switch::Switch;
pub use values::Values;
