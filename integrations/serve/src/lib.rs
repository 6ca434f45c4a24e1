//! HTTP on a thread and a runtime of its own, for what must answer while the program's runtime is stuck.
//!
//! [`start`] binds nothing by itself: it is given a listener, a [`Purpose`] for messages, and a function that answers. What a
//! client may take is bounded: the number of connections, the size of a request's head, the time it takes to say it, and
//! the time it takes to read an answer. Where all places are taken, the connection that has been silent longest makes way.

mod answered;
mod error;
mod house;
mod patient;
mod purpose;
mod running;
mod serve;

pub use error::ServerError;
pub use house::Limits;
pub use purpose::Purpose;
pub use running::{Running, start};
