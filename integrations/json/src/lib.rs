//! Values and keys as JSON, for stores outside this process.
//!
//! [`Json`] is the codec of the stores of `integrations/`: what a function returns goes into the store as JSON, and its
//! arguments' digest is the SHA-256 of their canonical JSON.

mod canonical;
mod codec;

pub use canonical::to_canonical_json;
pub use codec::Json;
