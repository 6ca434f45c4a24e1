use std::{
    fmt::Display,
    str::FromStr,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use mainstay::{
    Error,
    cached::Cache,
    policies,
    store::{Codec, CodecError, Decode, Encode, Fingerprint},
};

pub(crate) const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn down() -> Error {
    Error::timed_out("upstream", s(1))
}

pub(crate) fn cache(name: &str) -> &'static Cache {
    policies().cache(name).unwrap()
}

/// Counts the runs of a body.
#[derive(Debug, Default)]
pub(crate) struct Runs(AtomicU32);

impl Runs {
    pub(crate) const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    /// One more; its number, from 1.
    pub(crate) fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(crate) fn count(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Values as they are displayed.
pub(crate) struct Text;

impl Codec for Text {
    const NAME: &'static str = "text";
}

impl<T: Display> Encode<T> for Text {
    fn encode(value: &T) -> Result<Vec<u8>, CodecError> {
        Ok(value.to_string().into_bytes())
    }

    fn fingerprint(_: &T) -> Result<Fingerprint, CodecError> {
        Err(CodecError::new("nobody asks a cache for it"))
    }
}

impl<T: FromStr> Decode<T> for Text {
    fn decode(bytes: &[u8]) -> Result<T, CodecError> {
        let text = std::str::from_utf8(bytes).map_err(|error| CodecError::because("no text", error))?;
        text.parse().map_err(|_| CodecError::new(format!("`{text}` is no {}", std::any::type_name::<T>())))
    }
}
