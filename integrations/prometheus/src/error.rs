use std::{fmt, io, net::SocketAddr};

/// Why a [`MetricsServer`](crate::MetricsServer) did not start, and what to do about it.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServerError {
    /// `METRICS_PORT` is no port.
    #[non_exhaustive]
    Port {
        /// What it says.
        value: String,
    },
    /// Nobody can listen there.
    #[non_exhaustive]
    Bind {
        /// Where.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// The system gives no thread, or no way to wait for connections.
    #[non_exhaustive]
    Thread {
        /// What the system says.
        error: io::Error,
    },
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port { value } => {
                write!(
                    f,
                    "METRICS_PORT is {value:?}, which is no port: set it to a number from 0 to 65535, such as 9090"
                )
            }
            Self::Bind { address, error } if error.kind() == io::ErrorKind::AddrInUse => write!(
                f,
                "cannot serve metrics on {address}: another process listens there; set METRICS_PORT to a free port, or to 0 \
                 for any"
            ),
            Self::Bind { address, error } if error.kind() == io::ErrorKind::PermissionDenied => write!(
                f,
                "cannot serve metrics on {address}: {error}; ports below 1024 are for privileged processes, set METRICS_PORT \
                 to a higher one"
            ),
            Self::Bind { address, error } => write!(f, "cannot serve metrics on {address}: {error}"),
            Self::Thread { error } => write!(f, "cannot start the thread that serves metrics: {error}"),
        }
    }
}

impl std::error::Error for ServerError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Port { .. } => None,
            Self::Bind { error, .. } | Self::Thread { error } => Some(error),
        }
    }
}
