//! Keys of idempotent calls.
//!
//! [`idempotency_key`] is the key and its makers, [`part`] what a part of one may be, [`request`] the digest of a user's
//! request, [`signal_time`] the time that a trade's key takes.

mod error;
mod idempotency_key;
mod part;
mod request;
mod signal_time;

pub use error::{KeyError, KeyProblem};
pub use idempotency_key::IdempotencyKey;
pub use signal_time::SignalTime;
