//! Canonical JSON after RFC 8785, the JSON Canonicalization Scheme, written straight from a value.
//!
//! [`output`] is the text with its objects in order, [`serializer`] what serde drives, [`compound`] its lists and objects,
//! [`name`] the names of maps, [`number`] numbers that come as text.

mod compound;
mod error;
mod name;
mod number;
mod output;
mod serializer;
mod text;

pub(crate) use error::CanonicalError;
pub(crate) use output::Output;
pub use text::to_canonical_json;
