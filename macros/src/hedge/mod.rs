//! `#[hedge]`.

mod check;
mod read;
mod room;
mod write;

pub(crate) use read::Room;
