//! The stack of attributes around one function: collected, read, checked as a whole and written as one body.

mod capture;
mod check;
mod common;
mod cx;
mod kind;
mod layer;
mod order;
mod permit;
mod root;
mod siblings;
mod site;
mod write;

pub(crate) use cx::Cx;
pub(crate) use kind::{Kind, kind_of};
pub(crate) use layer::{Head, Room, Stack, rename_self};
pub(crate) use permit::Permit;
pub(crate) use root::Root;
pub(crate) use siblings::{collect, move_below_foreign, take_marker};
pub(crate) use site::{imports, site};
