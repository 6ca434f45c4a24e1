use std::fmt;

/// When in a shutdown a handler runs. Each phase begins when the one before it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Phase {
    /// At the signal, while the program still serves: tell others not to come, such as a service registry.
    Announce,
    /// When nothing is in flight any more: stop what makes work by itself, such as timers and consumers.
    Stop,
    /// Then: send or save what is buffered.
    Flush,
    /// At last: close connections, pools and files. The default.
    #[default]
    Close,
}

impl Phase {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Announce, Self::Stop, Self::Flush, Self::Close];

    /// Its word in `#[on_shutdown(phase = …)]`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Announce => "announce",
            Self::Stop => "stop",
            Self::Flush => "flush",
            Self::Close => "close",
        }
    }

    pub(super) const fn next(self) -> Option<Self> {
        match self {
            Self::Announce => Some(Self::Stop),
            Self::Stop => Some(Self::Flush),
            Self::Flush => Some(Self::Close),
            Self::Close => None,
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
