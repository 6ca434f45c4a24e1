//! `#[throttle]`.

mod check;
mod factor;
mod read;
mod room;
mod write;

pub(crate) use read::Room;
