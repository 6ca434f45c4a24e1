use std::{
    env,
    net::{IpAddr, SocketAddr, TcpListener},
};

use crate::ServerError;

/// What a server is for, for its messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose {
    /// What is served, such as `metrics`.
    pub what: &'static str,
    /// The environment variable that names the port.
    pub variable: &'static str,
    /// The port unless something else is said.
    pub port: u16,
    /// The name of the thread, 15 bytes at most.
    pub thread: &'static str,
}

impl Purpose {
    /// Listens on that address and port, or on the port that the variable names.
    ///
    /// # Errors
    /// The variable is no port, or nobody can listen there.
    pub fn listen(&'static self, host: IpAddr, port: Option<u16>) -> Result<TcpListener, ServerError> {
        let port = match port {
            Some(port) => port,
            None => {
                self.port_of(env::var_os(self.variable).map(|value| value.to_string_lossy().into_owned()))?
            }
        };
        let address = SocketAddr::new(host, port);
        TcpListener::bind(address).map_err(|error| ServerError::Bind { purpose: self, address, error })
    }

    fn port_of(&'static self, variable: Option<String>) -> Result<u16, ServerError> {
        match variable {
            None => Ok(self.port),
            Some(value) => value.trim().parse().map_err(|_| ServerError::Port { purpose: self, value }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static METRICS: Purpose =
        Purpose { what: "metrics", variable: "METRICS_PORT", port: 9090, thread: "mainstay-metrics" };

    #[test]
    fn the_variable_names_the_port_or_what_is_wrong_with_it() {
        assert_eq!(METRICS.port_of(None).unwrap(), 9090);
        assert_eq!(METRICS.port_of(Some(" 9100 ".to_owned())).unwrap(), 9100);
        for wrong in ["", "70000", "http", "-1"] {
            let error = METRICS.port_of(Some(wrong.to_owned())).unwrap_err().to_string();
            assert!(error.starts_with(&format!("METRICS_PORT is {wrong:?}, which is no port")), "{error}");
        }
    }
}
