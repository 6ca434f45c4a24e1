use std::time::Duration;

use mainstay_runtime::ConfigError;

use crate::{RedisStore, address::Address, link::Limits};

/// How a [`RedisStore`] is made: [`RedisStore::builder`].
///
/// ```
/// use std::time::Duration;
/// use mainstay_redis::RedisStore;
///
/// let store = RedisStore::builder("redis://127.0.0.1:6379")
///     .prefix("shop")
///     .response_timeout(Duration::from_millis(300))
///     .build()?;
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct RedisStoreBuilder {
    url: String,
    prefix: String,
    limits: Limits,
    root: Option<Vec<u8>>,
}

impl RedisStoreBuilder {
    pub(crate) fn new(url: String) -> Self {
        let second = Duration::from_secs(1);
        Self {
            url,
            prefix: "mainstay".to_owned(),
            limits: Limits { connect: second, response: second, trust: second / 2, silence: 5 * second },
            root: None,
        }
    }

    /// What all keys and channels begin with. Default `mainstay`. Services that share a server have one each; stores that
    /// share a prefix share what they keep.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// How long the server may take to answer. Default one second. After that it is a `StoreError` of kind `TimedOut`.
    pub fn response_timeout(mut self, limit: Duration) -> Self {
        self.limits.response = limit;
        self
    }

    /// How long connecting may take, with the greeting and the password. Default one second. After that it is a
    /// `StoreError` of kind `Unavailable`.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.limits.connect = limit;
        self
    }

    /// The certificates, in PEM, of those who may vouch for the server of a `rediss://` url. Default: whom the system trusts.
    #[cfg(feature = "tls")]
    pub fn tls_root(mut self, certificates: impl Into<Vec<u8>>) -> Self {
        self.root = Some(certificates.into());
        self
    }

    /// The store. It connects when it is first used, so the server need not be there yet.
    ///
    /// # Errors
    /// The option at fault and what to write instead. The url is not shown: it may hold a password.
    pub fn build(self) -> Result<RedisStore, ConfigError> {
        if self.prefix.is_empty() {
            return Err(ConfigError::new("prefix", "it is empty; write one, such as the service's name"));
        }
        if self.limits.response.is_zero() {
            return Err(ConfigError::new(
                "response_timeout",
                "no server answers in no time; write at least \"1ms\"",
            ));
        }
        if self.limits.connect.is_zero() {
            return Err(ConfigError::new(
                "connect_timeout",
                "no server answers in no time; write at least \"1ms\"",
            ));
        }
        Ok(RedisStore::new(Address::parse(&self.url, self.root.as_deref())?, &self.prefix, self.limits))
    }
}

/// Without the url, which may hold a password.
impl std::fmt::Debug for RedisStoreBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisStoreBuilder")
            .field("prefix", &self.prefix)
            .field("limits", &self.limits)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_make_no_sense_are_named() {
        let builder = || RedisStore::builder("redis://localhost");
        let option = |builder: RedisStoreBuilder| builder.build().err().map(|error| error.option());
        assert_eq!(option(builder()), None);
        assert_eq!(option(builder().prefix("")), Some("prefix"));
        assert_eq!(option(builder().response_timeout(Duration::ZERO)), Some("response_timeout"));
        assert_eq!(option(builder().connect_timeout(Duration::ZERO)), Some("connect_timeout"));
        assert_eq!(option(RedisStore::builder("localhost")), Some("url"));
    }

    #[test]
    fn what_is_shown_holds_no_password() {
        let builder = RedisStore::builder("redis://:s3cret@localhost");
        assert!(!format!("{builder:?}").contains("s3cret"));
        assert!(!format!("{:?}", builder.build().unwrap()).contains("s3cret"));
    }
}
