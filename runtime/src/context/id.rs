use std::{
    cell::Cell,
    fmt,
    hash::{BuildHasher, Hash, Hasher, RandomState},
    str::FromStr,
    sync::Arc,
};

/// An id of a request: 1 to 128 ASCII letters, digits and `-_.:/+=@`.
///
/// Other characters are refused, because ids go into headers and log lines unquoted. Ids of up to 46 characters, which
/// are nearly all, are kept in place: cloning them allocates nothing.
///
/// ```
/// use mainstay_runtime::context::Id;
///
/// let id: Id = "order-7".parse()?;
/// assert_eq!(id, "order-7");
/// assert!("order 7\nlevel=error".parse::<Id>().is_err());
/// assert_eq!(Id::generate().as_str().len(), 36); // a UUID, version 4
/// # Ok::<(), mainstay_runtime::context::InvalidId>(())
/// ```
#[derive(Clone)]
pub struct Id(Repr);

const SHORT: usize = 46;

#[derive(Clone)]
enum Repr {
    Short { bytes: [u8; SHORT], len: u8 },
    Long(Arc<str>),
}

/// Why a text is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidId {
    /// It has no characters.
    Empty,
    /// It has more than 128 bytes.
    TooLong {
        /// How many it has.
        bytes: usize,
    },
    /// It holds something else than the characters that are permitted.
    Character {
        /// The place of the first such byte, from 0.
        at: usize,
    },
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the id is empty")?,
            Self::TooLong { bytes } => write!(f, "the id has {bytes} bytes")?,
            Self::Character { at } => write!(f, "the id's byte {at} is not permitted")?,
        }
        f.write_str("; write 1 to 128 ASCII letters, digits and `-_.:/+=@`")
    }
}

impl std::error::Error for InvalidId {}

impl Id {
    /// The most characters that an id has.
    pub const MAX_LENGTH: usize = 128;

    /// A new id: a UUID of version 4, from a generator that is seeded by the system.
    pub fn generate() -> Self {
        let (high, low) = random();
        let high = (high & !0xf000) | 0x4000;
        let low = (low & !(0b11 << 62)) | (0b10 << 62);
        Self::from_uuid((u128::from(high) << 64) | u128::from(low))
    }

    fn from_uuid(uuid: u128) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        const LENGTH: u8 = 36;
        let (mut bytes, mut left) = ([b'-'; SHORT], 128);
        for (at, byte) in bytes.iter_mut().enumerate().take(usize::from(LENGTH)) {
            if !matches!(at, 8 | 13 | 18 | 23) {
                left -= 4;
                *byte = DIGITS[(uuid >> left) as usize & 0xf];
            }
        }
        Self(Repr::Short { bytes, len: LENGTH })
    }

    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // Only checked texts are ever put in, so this is one.
            Repr::Short { bytes, len } => {
                std::str::from_utf8(&bytes[..usize::from(*len)]).unwrap_or_default()
            }
            Repr::Long(text) => text,
        }
    }
}

/// 128 bits that nobody outside can foretell: a keyed hash of a counter, whose keys are the system's randomness.
fn random() -> (u64, u64) {
    thread_local! {
        static KEYS: (RandomState, RandomState) = (RandomState::new(), RandomState::new());
        static COUNTER: Cell<u64> = const { Cell::new(0) };
    }
    let count = COUNTER.replace(COUNTER.get().wrapping_add(1));
    KEYS.try_with(|(first, second)| (first.hash_one(count), second.hash_one(count)))
        // A thread that is ending has no keys any more, and makes some for each id.
        .unwrap_or_else(|_| (RandomState::new().hash_one(count), RandomState::new().hash_one(count)))
}

impl FromStr for Id {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let is_permitted = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:/+=@".contains(byte);
        if text.is_empty() {
            return Err(InvalidId::Empty);
        }
        if text.len() > Self::MAX_LENGTH {
            return Err(InvalidId::TooLong { bytes: text.len() });
        }
        if let Some(at) = text.bytes().position(|byte| !is_permitted(&byte)) {
            return Err(InvalidId::Character { at });
        }
        let mut bytes = [0; SHORT];
        Ok(Self(match bytes.get_mut(..text.len()) {
            Some(room) => {
                room.copy_from_slice(text.as_bytes());
                Repr::Short { bytes, len: text.len() as u8 }
            }
            None => Repr::Long(text.into()),
        }))
    }
}

impl TryFrom<&str> for Id {
    type Error = InvalidId;

    fn try_from(text: &str) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Id {}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl crate::store::ToKey for Id {
    fn to_key(&self) -> crate::store::Key<'_> {
        crate::store::Key::Borrowed(self.as_str())
    }
}
