//! Values and keys as JSON, for stores outside this process.
//!
//! [`Json`] is the codec of the stores of `integrations/`: what a function returns goes into the store as JSON, and its
//! arguments' digest is the SHA-256 of their canonical JSON, [`to_canonical_json`].
//!
//! [`IdempotencyKey`] makes the keys of idempotent calls: of a user's request, of a trade, of a chain transaction, of an
//! event. They are the same in every process, version and language.

mod canonical;
mod codec;
mod header;
mod key;
mod lossless;
mod place;

pub use canonical::to_canonical_json;
pub use codec::Json;
pub use header::{HeaderError, client_key_of_header};
pub use key::{IdempotencyKey, KeyError, KeyProblem, SignalTime};
