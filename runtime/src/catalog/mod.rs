//! Every annotated function of the program, listed when it is linked.

mod list;
mod site;

#[doc(hidden)]
pub use list::SITES;
pub use list::{Catalog, catalog};
pub(crate) use list::{register_all, start};
pub use site::{Layer, Site};
