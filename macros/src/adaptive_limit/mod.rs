//! `#[adaptive_limit]`.

mod check;
mod priority;
mod read;
mod room;
mod write;

pub(crate) use read::Room;
