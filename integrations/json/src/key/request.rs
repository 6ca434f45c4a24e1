//! The digest of a user's request: SHA-256, in 64 hexadecimal digits, over the canonical JSON of
//! `{"operation": …, "params": {…}, "user_id": …}`, or with `client_key` in the place of `params`.

use mainstay_runtime::store::{CodecError, ToKey};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::{KeyError, KeyProblem, part::checked};
use crate::{
    canonical::{CanonicalError, Output},
    to_canonical_json,
};

/// What the request is told by, besides its user and its operation.
pub(super) enum Told<'a> {
    /// The canonical JSON of an object.
    Params(String),
    ClientKey(&'a str),
}

pub(super) fn digest(user_id: impl ToKey, operation: &str, told: Told<'_>) -> Result<String, KeyError> {
    let user_id = user_id.to_key();
    let (user_id, operation) = (checked("user_id", user_id.as_str())?, checked("operation", operation)?);
    let mut text = Output::new();
    if let Told::ClientKey(client_key) = told {
        text.push("{\"client_key\":");
        text.string(checked("client_key", client_key)?);
        text.push(",\"operation\":");
        text.string(operation);
    } else {
        text.push("{\"operation\":");
        text.string(operation);
    }
    if let Told::Params(params) = told {
        text.push(",\"params\":");
        text.push(&params);
    }
    text.push(",\"user_id\":");
    text.string(user_id);
    text.push("}");
    Ok(hexadecimal(&Sha256::digest(text.into_text())))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(if half < 10 { b'0' + half } else { b'a' + half - 10 });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The parameters as the canonical JSON of an object: that of a struct or a map as it is, a list of pairs as the object
/// that it stands for, and nothing at all as an object without members.
pub(super) fn params<P: Serialize + ?Sized>(params: &P) -> Result<String, KeyError> {
    object(params).map_err(|error| KeyError::new("params", KeyProblem::Params(error)))
}

fn object<P: Serialize + ?Sized>(params: &P) -> Result<String, CodecError> {
    let json = to_canonical_json(params)?;
    match json.as_bytes() {
        [b'{', ..] => Ok(json),
        b"null" => Ok("{}".to_owned()),
        [b'[', ..] => of_pairs(&json),
        _ => Err(CodecError::new(
            "have no names: give a struct, a map, or a list of pairs of a name and a value",
        )),
    }
}

fn of_pairs(json: &str) -> Result<String, CodecError> {
    let pairs: Vec<(String, &RawValue)> = serde_json::from_str(json).map_err(|error| {
        CodecError::because(
            "are a list, but not one of pairs of a name and a value: give a struct, a map, or such pairs",
            error,
        )
    })?;
    let mut output = Output::new();
    let frame = output.begin_object();
    for (name, value) in pairs {
        output.begin_member(&frame, &name);
        output.push(value.get());
        output.end_member();
    }
    let twice = |error: CanonicalError| CodecError::because(format!("cannot be told apart: {error}"), error);
    output.end_object(&frame).map_err(twice)?;
    Ok(output.into_text())
}
