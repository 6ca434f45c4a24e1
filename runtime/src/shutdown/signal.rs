use std::fmt;

/// A signal of the system that begins a shutdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Signal {
    /// SIGTERM: what Kubernetes, Docker and systemd send.
    Terminate,
    /// SIGINT: Ctrl+C in a terminal.
    Interrupt,
    /// SIGQUIT: Ctrl+\ in a terminal.
    Quit,
    /// SIGHUP: the terminal is gone.
    Hangup,
}

impl Signal {
    /// Its name, such as `SIGTERM`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Terminate => "SIGTERM",
            Self::Interrupt => "SIGINT",
            Self::Quit => "SIGQUIT",
            Self::Hangup => "SIGHUP",
        }
    }

    /// Its number on Unix.
    pub const fn number(self) -> i32 {
        match self {
            Self::Hangup => 1,
            Self::Interrupt => 2,
            Self::Quit => 3,
            Self::Terminate => 15,
        }
    }

    /// What a process exits with that this signal ends: 128 and its number.
    pub const fn exit_code(self) -> u8 {
        128 + self.number() as u8
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
