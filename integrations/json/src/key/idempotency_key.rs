use std::{fmt, str::FromStr, sync::Arc};

use mainstay_runtime::store::{Key, ToKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    KeyError, SignalTime,
    part::{LONGEST_KEY, checked, checked_up_to, escaped},
    request::{Told, digest},
};

/// The key of an idempotent call: what is the same for a call and for its repetition, and differs between any two calls
/// that are both meant.
///
/// The makers below give the same text for the same arguments in every process, version and language: the book's page
/// *Idempotency keys* says byte by byte how, and has it in Python and JavaScript. Keys of different makers never collide, nor
/// do those of one maker whose arguments differ. None takes the time of the call: a repetition comes later, and would have
/// another key.
///
/// A part of a key has 1 to 255 bytes, neither begins nor ends with a space and has no control characters.
///
/// ```
/// use mainstay_json::{IdempotencyKey, SignalTime};
///
/// #[derive(serde::Serialize)]
/// struct Deposit { amount: u64, token: &'static str }
///
/// let key = IdempotencyKey::from_user_request("user123", "deposit", &Deposit { amount: 1000, token: "USDC" })?;
/// assert_eq!(key.as_str(), "111688728e28992a11cd33a83022291c874cb939e329baf187671210d257436e");
///
/// let trade = IdempotencyKey::from_trade("strat_456", "abc123", SignalTime::from_unix_seconds(1_730_500_000))?;
/// assert_eq!(trade.as_str(), "trade_strat_456_1730500000_abc123");
/// # Ok::<(), mainstay_json::KeyError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey(Arc<str>);

impl IdempotencyKey {
    /// The key of what a user asks for, by its parameters: 64 hexadecimal digits. Names may come in any order.
    ///
    /// `params` is a struct, a map or a list of pairs of a name and a value, which all give the same key; `&()` where there
    /// are none.
    ///
    /// Two requests that are alike have one key: a second deposit of the same amount is taken for a repetition of the
    /// first. Where both may be meant, let the client send a key with each; see
    /// [`IdempotencyKey::from_client_key_or_params`].
    ///
    /// # Errors
    /// A part that is empty or otherwise unfit; parameters without names, or without canonical JSON.
    pub fn from_user_request<P: Serialize + ?Sized>(
        user_id: impl ToKey,
        operation: &str,
        params: &P,
    ) -> Result<Self, KeyError> {
        let told = Told::Params(super::request::params(params)?);
        digest(user_id, operation, told).map(Self::of)
    }

    /// The key of what a user asks for, by the key that the client sent with it: 64 hexadecimal digits.
    ///
    /// The user and the operation are in it, so that nobody meets another's result by sending another's key.
    ///
    /// # Errors
    /// A part that is empty or otherwise unfit.
    pub fn from_client_key(user_id: impl ToKey, operation: &str, client_key: &str) -> Result<Self, KeyError> {
        digest(user_id, operation, Told::ClientKey(client_key)).map(Self::of)
    }

    /// [`IdempotencyKey::from_client_key`] where the client sent a key, and else
    /// [`IdempotencyKey::from_user_request`].
    ///
    /// The client knows whether it repeats a request or means a second one; the parameters do not tell. Where it sent a
    /// key, they are not part of it: give them as `fingerprint`, so that a key that is used again for another payload is
    /// refused.
    ///
    /// ```
    /// use mainstay_json::IdempotencyKey;
    ///
    /// let deposit = [("amount", 1000)];
    /// let key = |client_key| IdempotencyKey::from_client_key_or_params(7, "deposit", client_key, &deposit);
    ///
    /// assert_ne!(key(Some("8e03978e"))?, key(Some("5b1d77a0"))?); // two deposits that are alike
    /// assert_eq!(key(None)?, IdempotencyKey::from_user_request(7, "deposit", &deposit)?);
    /// # Ok::<(), mainstay_json::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// A part that is empty or otherwise unfit: a client's key that cannot be used is not passed over.
    pub fn from_client_key_or_params<P: Serialize + ?Sized>(
        user_id: impl ToKey,
        operation: &str,
        client_key: Option<&str>,
        params: &P,
    ) -> Result<Self, KeyError> {
        match client_key {
            Some(client_key) => Self::from_client_key(user_id, operation, client_key),
            None => Self::from_user_request(user_id, operation, params),
        }
    }

    /// The key of a trade: `trade_{strategy}_{seconds}_{hash}`, with the time that stands in the signal.
    ///
    /// A `_` in the hash is written `%5F` and a `%` `%25`; the strategy stands as it is.
    ///
    /// # Errors
    /// A part that is empty or otherwise unfit.
    pub fn from_trade(
        strategy_id: impl ToKey,
        signal_hash: &str,
        signal_time: SignalTime,
    ) -> Result<Self, KeyError> {
        let strategy_id = strategy_id.to_key();
        let strategy_id = checked("strategy_id", strategy_id.as_str())?;
        let signal_hash = escaped("signal_hash", signal_hash)?;
        Ok(Self::of(format!("trade_{strategy_id}_{signal_time}_{signal_hash}")))
    }

    /// The key of a transaction on a chain: `blockchain_{operation}_{chain}_{params_hash}`.
    ///
    /// A `_` in the chain or the hash is written `%5F` and a `%` `%25`; the operation stands as it is.
    ///
    /// ```
    /// use mainstay_json::IdempotencyKey;
    ///
    /// let key = IdempotencyKey::from_blockchain_tx("bridge", "solana", "def789")?;
    /// assert_eq!(key.as_str(), "blockchain_bridge_solana_def789");
    /// # Ok::<(), mainstay_json::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// A part that is empty or otherwise unfit.
    pub fn from_blockchain_tx(operation: &str, chain: &str, params_hash: &str) -> Result<Self, KeyError> {
        let operation = checked("operation", operation)?;
        let (chain, params_hash) = (escaped("chain", chain)?, escaped("params_hash", params_hash)?);
        Ok(Self::of(format!("blockchain_{operation}_{chain}_{params_hash}")))
    }

    /// The key of the handling of an event: `event_{id}`.
    ///
    /// ```
    /// use mainstay_json::IdempotencyKey;
    ///
    /// assert_eq!(IdempotencyKey::from_event("evt_12345")?.as_str(), "event_evt_12345");
    /// # Ok::<(), mainstay_json::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// A part that is empty or otherwise unfit.
    pub fn from_event(event_id: impl ToKey) -> Result<Self, KeyError> {
        let event_id = event_id.to_key();
        Ok(Self::of(format!("event_{}", checked("event_id", event_id.as_str())?)))
    }

    /// The key that goes out with a message, so that who receives it twice can tell: `generated:{source}:{kind}:{id}`.
    ///
    /// A `:` in a part is written `\:` and a `\` `\\`, as in the keys of tuples.
    ///
    /// ```
    /// use mainstay_json::IdempotencyKey;
    ///
    /// let key = IdempotencyKey::generate("INTERNAL", "ITEM_CREATED", 42)?;
    /// assert_eq!(key.as_str(), "generated:INTERNAL:ITEM_CREATED:42");
    /// # Ok::<(), mainstay_json::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// A part that is empty or otherwise unfit.
    pub fn generate(source: &str, kind: &str, id: impl ToKey) -> Result<Self, KeyError> {
        let id = id.to_key();
        let parts = (checked("source", source)?, checked("kind", kind)?, checked("id", id.as_str())?);
        Ok(Self::of(format!("generated:{}", parts.to_key().as_str())))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(text: String) -> Self {
        Self(text.into())
    }
}

/// A key that was made before, as it comes from a message or a database.
impl FromStr for IdempotencyKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        checked_up_to(LONGEST_KEY, "key", text).map(|text| Self(text.into()))
    }
}

impl ToKey for IdempotencyKey {
    fn to_key(&self) -> Key<'_> {
        Key::Borrowed(&self.0)
    }
}

impl AsRef<str> for IdempotencyKey {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<IdempotencyKey> for Arc<str> {
    fn from(key: IdempotencyKey) -> Self {
        key.0
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// As its text.
impl Serialize for IdempotencyKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// From a text that can be a key.
impl<'de> Deserialize<'de> for IdempotencyKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
