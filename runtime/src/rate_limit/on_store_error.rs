use std::fmt;

/// What a rate limit does where its store cannot answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum OnStoreError {
    /// The limit of the same configuration in this process decides: each process admits the whole rate then. The default.
    #[default]
    Local,
    /// The call is admitted.
    Open,
    /// The call is refused with [`Error::Store`](crate::Error::Store).
    Closed,
}

impl OnStoreError {
    /// Its name as the attribute spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

impl fmt::Display for OnStoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
