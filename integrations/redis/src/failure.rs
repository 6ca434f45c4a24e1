use std::time::Duration;

use mainstay_runtime::store::{StoreError, StoreErrorKind};
use redis::{ErrorKind, RedisError, ServerErrorKind};

/// What went wrong between us and the server. The store gives it its name and the step.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    kind: StoreErrorKind,
    problem: String,
    source: Option<RedisError>,
}

impl Failure {
    pub(crate) fn new(kind: StoreErrorKind, problem: impl Into<String>) -> Self {
        Self { kind, problem: problem.into(), source: None }
    }

    pub(crate) fn no_connection_within(limit: Duration) -> Self {
        let problem = format!(
            "no connection within {limit:?}; is it up, do both ends speak TLS (`rediss://`) or neither, and is the network in between?"
        );
        Self::new(StoreErrorKind::Unavailable, problem)
    }

    pub(crate) fn no_answer_within(limit: Duration) -> Self {
        let problem = format!("no answer within {limit:?}, and what was asked may have been done");
        Self::new(StoreErrorKind::TimedOut, problem)
    }

    pub(crate) fn unexpected(answer: &impl std::fmt::Debug) -> Self {
        let problem = format!(
            "it answered {answer:?}, which is not understood; does another version share the prefix?"
        );
        Self::new(StoreErrorKind::Incompatible, problem)
    }

    pub(crate) fn into_error(self, store: &str, operation: &'static str) -> StoreError {
        match self.source {
            Some(source) => StoreError::because(self.kind, store, operation, self.problem, source),
            None => StoreError::new(self.kind, store, operation, self.problem),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        let problem = format!("this process gets no thread or socket for it: {error}");
        Self::new(StoreErrorKind::Unavailable, problem)
    }
}

impl From<RedisError> for Failure {
    fn from(error: RedisError) -> Self {
        let judged = judged(&error).unwrap_or((StoreErrorKind::Unavailable, LOST));
        Self::of(error, judged)
    }
}

impl Failure {
    /// What went wrong before anything was asked.
    pub(crate) fn connecting(error: RedisError) -> Self {
        let told = judged(&error);
        let distrusted = error.is_io_error() && error.to_string().contains("certificate");
        let otherwise = if distrusted {
            (StoreErrorKind::Refused, DISTRUSTED)
        } else {
            (StoreErrorKind::Unavailable, CLOSED)
        };
        Self::of(error, told.unwrap_or(otherwise))
    }

    fn of(error: RedisError, (kind, remedy): (StoreErrorKind, &'static str)) -> Self {
        let said = error.to_string();
        let said = said.trim_end_matches(['.', ' ']);
        Self { kind, problem: format!("{said}; {remedy}"), source: Some(error) }
    }
}

/// What the error means to a caller, and what helps. `None`: the connection was lost or not made.
fn judged(error: &RedisError) -> Option<(StoreErrorKind, &'static str)> {
    use StoreErrorKind::{Incompatible, Refused, TimedOut, Unavailable};
    let by_code = match error.code() {
        Some("WRONGPASS" | "NOAUTH") => Some((Refused, CREDENTIALS)),
        Some("OOM") => Some((Refused, "give it more memory (`maxmemory`), or shorten what is kept")),
        Some("WRONGTYPE") => {
            Some((Incompatible, "something else is kept under this key: give the store a prefix of its own"))
        }
        Some("MISCONF") => Some((Refused, "it cannot write to its disk, see its log")),
        Some("BUSY") => Some((Unavailable, "a script of somebody else keeps it busy")),
        Some("NOREPLICAS") => Some((Unavailable, "its replicas are away")),
        _ => None,
    };
    if by_code.is_some() {
        return by_code;
    }
    Some(match error.kind() {
        ErrorKind::AuthenticationFailed => (Refused, CREDENTIALS),
        ErrorKind::Server(ServerErrorKind::NoPerm) => {
            (Refused, "allow this user the store's keys, its channels, and the commands that its page lists")
        }
        ErrorKind::Server(ServerErrorKind::ReadOnly) => {
            (Refused, "it is a replica: give the address of its primary")
        }
        ErrorKind::Server(ServerErrorKind::BusyLoading) => (Unavailable, "it is still reading its data"),
        ErrorKind::Server(
            ServerErrorKind::MasterDown | ServerErrorKind::TryAgain | ServerErrorKind::ClusterDown,
        ) => (Unavailable, "it will serve when its primary or cluster does"),
        ErrorKind::Server(ServerErrorKind::Moved | ServerErrorKind::Ask | ServerErrorKind::CrossSlot) => {
            (Incompatible, "it is one node of a cluster: give the address of a proxy that knows the cluster")
        }
        ErrorKind::Server(_) | ErrorKind::Extension => {
            (Incompatible, "it must be Redis 7 or newer, or Valkey, with scripts allowed")
        }
        ErrorKind::RESP3NotSupported => (Incompatible, "it must be Redis 7 or newer, or Valkey"),
        ErrorKind::Parse | ErrorKind::UnexpectedReturnType => {
            (Incompatible, "does something else than Redis listen there?")
        }
        ErrorKind::InvalidClientConfig => (Refused, "correct the url"),
        _ if error.is_timeout() => (TimedOut, "what was asked may have been done"),
        _ if error.is_connection_refusal() => (Unavailable, "is it running, and is the address right?"),
        _ => return None,
    })
}

const LOST: &str = "the connection was lost, and what was asked may have been done";
const CLOSED: &str = "is the address right, and do both ends speak TLS (`rediss://`) or neither?";
const DISTRUSTED: &str = "give the certificate of who vouches for the server: `tls_root`";
const CREDENTIALS: &str = "correct user and password in the url";
