use mainstay_runtime::store::{Codec, CodecError, Decode, Encode, Fingerprint};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::{lossless::to_lossless_json, to_canonical_json};

/// The codec that writes JSON, through serde.
///
/// What would come back as something else is refused, with its place: numbers that are infinite or none, which JSON writes as
/// `null`, and a `Some` of what is `null` in JSON, such as `Some(None)` and `Some(())`, which would come back as `None`.
#[derive(Debug, Clone, Copy)]
pub struct Json;

impl Codec for Json {
    const NAME: &'static str = "json";
}

impl<T: Serialize + ?Sized> Encode<T> for Json {
    fn encode(value: &T) -> Result<Vec<u8>, CodecError> {
        to_lossless_json(value).map_err(|(error, place)| {
            let type_name = std::any::type_name::<T>();
            CodecError::because(format!("a `{type_name}` cannot be written as JSON: {error}{place}"), error)
        })
    }

    fn fingerprint(value: &T) -> Result<Fingerprint, CodecError> {
        Ok(Fingerprint(Sha256::digest(to_canonical_json(value)?).into()))
    }
}

impl<T: DeserializeOwned> Decode<T> for Json {
    fn decode(bytes: &[u8]) -> Result<T, CodecError> {
        serde_json::from_slice(bytes).map_err(|error| {
            let type_name = std::any::type_name::<T>();
            CodecError::because(format!("what is kept is no JSON of a `{type_name}`: {error}"), error)
        })
    }
}
