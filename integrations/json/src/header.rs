use std::{error::Error, fmt};

use mainstay_runtime::store::ToKey;
use sfv::{BareItem, Item, Parser};

use crate::{IdempotencyKey, KeyError};

/// The most bytes of a header's value that are looked at: a key of 255 characters, each of them escaped, its quotes, and
/// room for parameters.
const LONGEST: usize = 1024;

/// Why the value of an `Idempotency-Key` header gives no key. A server answers it with `400 Bad Request`.
#[derive(Debug)]
#[non_exhaustive]
pub enum HeaderError {
    /// It is longer than 1024 bytes.
    #[non_exhaustive]
    TooLong {
        /// How long it is, in bytes.
        bytes: usize,
    },
    /// It is no structured field, or more than one item: an open quote, a character that must not be there.
    #[non_exhaustive]
    Malformed {
        /// What the parser found, and where.
        error: sfv::Error,
    },
    /// It is a structured field, but no string: a word or a number without quotes, for the most part.
    NotAString,
    /// It is a string that no key can be made of.
    Key(KeyError),
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the header `Idempotency-Key` ")?;
        let form = "send a string in double quotes, such as `Idempotency-Key: \"8e03978e-40d5-43dd-bc93-6894a57f9324\"`";
        match self {
            Self::TooLong { bytes } => {
                write!(f, "has {bytes} bytes, more than {LONGEST}: send a shorter key")
            }
            Self::Malformed { error } => write!(f, "is malformed ({error}): {form}"),
            Self::NotAString => write!(f, "is not in quotes: {form}"),
            Self::Key(error) => write!(f, "cannot be used: {error}"),
        }
    }
}

impl Error for HeaderError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Malformed { error } => Some(error),
            Self::Key(error) => Some(error),
            Self::TooLong { .. } | Self::NotAString => None,
        }
    }
}

impl From<KeyError> for HeaderError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

/// The client's key in the value of an `Idempotency-Key` header: a string item of RFC 9651 (before it, RFC 8941), as the
/// IETF draft `draft-ietf-httpapi-idempotency-key-header` has it. Parameters are read and passed over.
///
/// Whether the header must be there is the service's to say; the draft answers `400 Bad Request` where it is missing.
///
/// ```
/// use mainstay_json::client_key_of_header;
///
/// assert_eq!(client_key_of_header(r#""8e03978e-40d5-43dd""#)?, "8e03978e-40d5-43dd");
/// assert!(client_key_of_header("8e03978e-40d5-43dd").is_err(), "it is not in quotes");
/// # Ok::<(), mainstay_json::HeaderError>(())
/// ```
///
/// # Errors
/// Why the value is no such item. Whether a key can be made of the string, [`IdempotencyKey::from_client_key`] says.
pub fn client_key_of_header(value: impl AsRef<[u8]>) -> Result<String, HeaderError> {
    let value = value.as_ref();
    if value.len() > LONGEST {
        return Err(HeaderError::TooLong { bytes: value.len() });
    }
    let item: Item = Parser::new(value).parse().map_err(|error| match looks_bare(value) {
        true => HeaderError::NotAString,
        false => HeaderError::Malformed { error },
    })?;
    match item.bare_item {
        BareItem::String(string) => Ok(string.into()),
        _ => Err(HeaderError::NotAString),
    }
}

/// Whether this is what a client sends that knows nothing of quotes, such as a bare UUID: most of those are no item at all.
fn looks_bare(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte))
}

impl IdempotencyKey {
    /// The key of what a user asks for, by the value of the header `Idempotency-Key`: [`client_key_of_header`] and
    /// [`IdempotencyKey::from_client_key`] in one.
    ///
    /// # Errors
    /// Why there is no key in the header, or none that can be used.
    pub fn from_header(
        user_id: impl ToKey,
        operation: &str,
        value: impl AsRef<[u8]>,
    ) -> Result<Self, HeaderError> {
        Ok(Self::from_client_key(user_id, operation, &client_key_of_header(value)?)?)
    }
}
