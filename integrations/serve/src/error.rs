use std::{fmt, io, net::SocketAddr};

use crate::Purpose;

/// Why a server did not start, and what to do about it.
///
/// `Debug` is the same text as `Display`: it is what is printed of an error that `main` returns.
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
                    io::ErrorKind::AddrNotAvailable => write!(
                        f,
                        "no network interface of this machine has that address; give `host` one that it has, 0.0.0.0 for all \
                         of them, or 127.0.0.1 for this machine alone"
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

impl fmt::Debug for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    static OPERATIONS: Purpose =
        Purpose { what: "operations", variable: "HEALTH_CHECK_PORT", port: 8080, thread: "mainstay-ops" };

    #[test]
    fn what_main_returns_is_printed_as_it_is_meant_to_be_read() {
        let error = ServerError::Port { purpose: &OPERATIONS, value: "http".to_owned() };
        assert_eq!(format!("{error:?}"), error.to_string());
        let error = ServerError::setting("NAMES", "a b", "which is two");
        assert_eq!(format!("{error:?}"), "NAMES has \"a b\", which is two");
    }

    #[test]
    fn an_address_that_is_not_this_machines_is_told_what_to_give_in_its_place() {
        // Set apart for documentation: nobody's.
        let elsewhere = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));
        let error = OPERATIONS.listen(elsewhere, Some(0)).unwrap_err().to_string();
        assert!(
            error.starts_with("cannot serve operations on 203.0.113.7:0: no network interface"),
            "{error}"
        );
        assert!(error.contains("0.0.0.0 for all of them, or 127.0.0.1"), "{error}");
    }
}
