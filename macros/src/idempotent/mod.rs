//! `#[idempotent]`.

mod check;
mod clock;
mod read;
mod room;
mod write;

pub(crate) use read::Room;
