use mainstay_runtime::store::{Codec, CodecError, Decode, Encode, Fingerprint};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::to_canonical_json;

/// The codec that writes JSON, through serde.
#[derive(Debug, Clone, Copy)]
pub struct Json;

impl Codec for Json {
    const NAME: &'static str = "json";
}

impl<T: Serialize + ?Sized> Encode<T> for Json {
    fn encode(value: &T) -> Result<Vec<u8>, CodecError> {
        serde_json::to_vec(value).map_err(|error| {
            let type_name = std::any::type_name::<T>();
            CodecError::because(format!("a `{type_name}` cannot be written as JSON: {error}"), error)
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
