//! `#[cached]`.

mod check;
mod leader;
mod read;
mod refresh;
mod room;
mod write;

pub(crate) use read::Room;
