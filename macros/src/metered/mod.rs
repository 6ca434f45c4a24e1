//! `#[metered]`.

mod check;
mod labels;
mod read;
mod room;
mod slo;
mod write;

pub(crate) use read::Room;
