use std::{fmt, io, net::SocketAddr};

use crate::Purpose;

/// Why a server did not start, and what to do about it.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServerError {
    /// The variable that names the port does not.
    #[non_exhaustive]
    Port {
        /// What the server is for.
        purpose: &'static Purpose,
        /// What the variable says.
        value: String,
    },
    /// A setting makes no sense.
    #[non_exhaustive]
    Setting {
        /// The environment variable or the method that has it.
        name: &'static str,
        /// What it says.
        value: String,
        /// What is wrong with it, and what to write in its place.
        remedy: String,
    },
    /// Nobody can listen there.
    #[non_exhaustive]
    Bind {
        /// What the server is for.
        purpose: &'static Purpose,
        /// Where.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// The system gives no thread, or no way to wait for connections.
    #[non_exhaustive]
    Thread {
        /// What the server is for.
        purpose: &'static Purpose,
        /// What the system says.
        error: io::Error,
    },
}

impl ServerError {
    /// A [setting](Self::Setting) that makes no sense, with what to write in its place.
    pub fn setting(name: &'static str, value: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Setting { name, value: value.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port { purpose: Purpose { variable, port, .. }, value } => {
                write!(
                    f,
                    "{variable} is {value:?}, which is no port: set it to a number from 0 to 65535, such as {port}"
                )
            }
            Self::Setting { name, value, remedy } => write!(f, "{name} has {value:?}, {remedy}"),
            Self::Bind { purpose: Purpose { what, variable, .. }, address, error } => {
                write!(f, "cannot serve {what} on {address}: ")?;
                match error.kind() {
                    io::ErrorKind::AddrInUse => write!(
                        f,
                        "another process listens there; set {variable} to a free port, or to 0 for any"
                    ),
                    io::ErrorKind::PermissionDenied => write!(
                        f,
                        "{error}; ports below 1024 are for privileged processes, set {variable} to a higher one"
                    ),
                    _ => write!(f, "{error}"),
                }
            }
            Self::Thread { purpose: Purpose { what, .. }, error } => {
                write!(f, "cannot start the thread that serves {what}: {error}")
            }
        }
    }
}

impl std::error::Error for ServerError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Port { .. } | Self::Setting { .. } => None,
            Self::Bind { error, .. } | Self::Thread { error, .. } => Some(error),
        }
    }
}
