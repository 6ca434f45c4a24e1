use std::{error::Error as StdError, fmt, sync::Arc};

/// How a store's values become bytes and come back equal. The stores of `integrations/` use JSON.
///
/// A codec implements [`Encode`] and [`Decode`] for the types it can handle.
pub trait Codec: Send + Sync + 'static {
    /// Its name in errors, such as `json`.
    const NAME: &'static str;
}

/// A codec that can turn a `T` into bytes.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be kept in a store: its codec does not know how to write one",
    label = "this goes into the store",
    note = "for stores that speak JSON: `#[derive(serde::Serialize, serde::Deserialize)]` on `{T}`"
)]
pub trait Encode<T: ?Sized>: Codec {
    /// The value as bytes.
    ///
    /// # Errors
    /// What in the value cannot be written.
    fn encode(value: &T) -> Result<Vec<u8>, CodecError>;

    /// A digest of the value that is the same in every process, version and language: equal values have equal digests.
    ///
    /// # Errors
    /// What in the value cannot be written.
    fn fingerprint(value: &T) -> Result<Fingerprint, CodecError>;
}

/// A codec that can turn bytes into a `T`.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot come back from a store: its codec does not know how to read one",
    label = "this comes back from the store",
    note = "for stores that speak JSON: `#[derive(serde::Serialize, serde::Deserialize)]` on `{T}`"
)]
pub trait Decode<T>: Codec {
    /// The value that the bytes stand for.
    ///
    /// # Errors
    /// Why they stand for none.
    fn decode(bytes: &[u8]) -> Result<T, CodecError>;
}

/// A digest of 256 bits: what tells two payloads under one key apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A value that could not be written or read.
#[derive(Debug, Clone)]
pub struct CodecError {
    problem: String,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl CodecError {
    /// `problem` says what is wrong, and where.
    pub fn new(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), source: None }
    }

    /// The same with the error that told it.
    pub fn because(problem: impl Into<String>, source: impl StdError + Send + Sync + 'static) -> Self {
        Self { problem: problem.into(), source: Some(Arc::new(source)) }
    }
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl StdError for CodecError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
