use std::{io::ErrorKind, time::Duration};

use mainstay_runtime::store::{StoreError, StoreErrorKind as Kind};
use sqlx::postgres::PgConnectOptions;

use crate::names::Names;

/// What kept a step from being done.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// sqlx or the server said so.
    Told(sqlx::Error),
    /// All connections were in use.
    Busy { size: usize, after: Duration },
    /// Nobody answered who was asked for a connection.
    NoConnection { after: Duration },
    /// A statement was not answered.
    NoAnswer { after: Duration },
}

/// Where the server is, as errors say it. Never the password.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    address: String,
    user: String,
    database: String,
    names: Names,
}

impl Place {
    pub(crate) fn of(options: &PgConnectOptions, names: &Names) -> Self {
        let address = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        let user = options.get_username().to_owned();
        let database = options.get_database().unwrap_or(&user).to_owned();
        Self { address, user, database, names: names.clone() }
    }

    pub(crate) fn describe(&self) -> String {
        let Names { schema, table } = &self.names;
        format!("postgres at {}/{} ({schema}.{table})", self.address, self.database)
    }

    pub(crate) fn error(
        &self,
        operation: &'static str,
        kind: Kind,
        problem: impl Into<String>,
    ) -> StoreError {
        StoreError::new(kind, self.describe(), operation, problem)
    }

    pub(crate) fn told(&self, operation: &'static str, trouble: Trouble) -> StoreError {
        match trouble {
            Trouble::Told(error) => self.of_sqlx(operation, error),
            Trouble::Busy { size, after } => {
                let problem = format!(
                    "all {size} connections of the pool were in use for {after:?}; allow more with `max_connections`, or see \
                     what is slow"
                );
                self.error(operation, Kind::TimedOut, problem)
            }
            Trouble::NoConnection { after } => {
                let problem = format!(
                    "no connection within {after:?}; is the server up, and does a firewall let {} through?",
                    self.address
                );
                self.error(operation, Kind::TimedOut, problem)
            }
            Trouble::NoAnswer { after } => {
                let problem = format!("no answer within {after:?}; what was asked may have been done");
                self.error(operation, Kind::TimedOut, problem)
            }
        }
    }

    fn of_sqlx(&self, operation: &'static str, error: sqlx::Error) -> StoreError {
        let (kind, problem) = match &error {
            sqlx::Error::Database(told) => self.of_code(&told.code().unwrap_or_default(), told.message()),
            sqlx::Error::Io(io) => of_io(io),
            sqlx::Error::Tls(why) => unencrypted(why),
            sqlx::Error::Configuration(why) => (
                Kind::Refused,
                format!(
                    "the URL cannot be read: {why}; it looks like `postgres://user:password@host:5432/database`, with \
                     special characters of the password as %XX"
                ),
            ),
            sqlx::Error::PoolClosed => (Kind::Unavailable, "its pool was closed".into()),
            other => (Kind::Unavailable, format!("{other}; please report this")),
        };
        StoreError::because(kind, self.describe(), operation, problem, error)
    }

    /// The codes of PostgreSQL's manual, appendix A.
    fn of_code(&self, code: &str, message: &str) -> (Kind, String) {
        let Self { user, database, names: Names { schema, table }, .. } = self;
        match code {
            "42P01" | "3F000" | "42703" => (
                Kind::Incompatible,
                format!(
                    "{message}; call `store.migrate().await` once when the service starts, which makes the tables"
                ),
            ),
            "28P01" | "28000" => (
                Kind::Refused,
                format!("{message}; see user and password in the URL, and the server's pg_hba.conf"),
            ),
            "3D000" => (Kind::Refused, format!("{message}; make it: CREATE DATABASE \"{database}\"")),
            "42501" => (
                Kind::Refused,
                format!(
                    "{message}; for `migrate()` the user `{user}` needs CREATE on the database or on schema `{schema}`, for \
                     all else USAGE on schema `{schema}` and on sequence `{table}_tokens`, SELECT, INSERT, UPDATE and DELETE \
                     on table `{table}`, and SELECT on `{table}_migrations`"
                ),
            ),
            "25006" => {
                (Kind::Refused, format!("{message}; connect to the primary, this is a standby or read-only"))
            }
            "25P01" => (
                Kind::Refused,
                "the connection is in no transaction; begin one, so that effect and record are committed together".into(),
            ),
            "25P02" => (Kind::Refused, format!("{message}; an earlier statement of it failed: roll it back")),
            "40001" | "40P01" => (
                Kind::Unavailable,
                format!(
                    "{message}; another transaction changed the key's record: roll back and begin the transaction anew"
                ),
            ),
            "57014" | "55P03" | "25P03" | "57P05" => {
                (Kind::TimedOut, format!("{message}; the record may be held by a long transaction"))
            }
            "53300" => (
                Kind::Unavailable,
                format!("{message}; lower `max_connections` of the stores and pools, or raise the server's"),
            ),
            "57P01" | "57P02" | "57P03" => {
                (Kind::Unavailable, format!("{message}; it is tried again with the next step"))
            }
            _ => match code.get(..2) {
                Some("53" | "22" | "23" | "42" | "0A") => {
                    (Kind::Refused, format!("{message} (SQLSTATE {code})"))
                }
                _ => (Kind::Unavailable, format!("{message} (SQLSTATE {code})")),
            },
        }
    }
}

fn unencrypted(why: impl std::fmt::Display) -> (Kind, String) {
    let problem = format!(
        "no encrypted connection: {why}; it takes the feature `postgres-tls`, `ssl = on` at the server, and a certificate that is \
         known here; or say `sslmode=disable` in the URL"
    );
    (Kind::Refused, problem)
}

fn of_io(io: &std::io::Error) -> (Kind, String) {
    match io.kind() {
        // What rustls says of the other side.
        ErrorKind::InvalidData => unencrypted(io),
        ErrorKind::ConnectionRefused => {
            (Kind::Unavailable, "connection refused; is the server running, and is this its address?".into())
        }
        ErrorKind::TimedOut => (Kind::TimedOut, format!("{io}; is the server up?")),
        ErrorKind::NotFound => (Kind::Unavailable, format!("{io}; is this the server's socket?")),
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => {
            (Kind::Unavailable, "the connection was cut; has the server been stopped?".into())
        }
        _ => (Kind::Unavailable, format!("{io}; see the host in the URL and the network")),
    }
}

/// Whether the connection is gone, and the server as a whole may not be: worth another try on a new one.
pub(crate) fn is_cut(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        // An end in the middle of an answer.
        sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(told) => {
            matches!(told.code().as_deref(), Some("57P01" | "57P02" | "57P03" | "08006" | "08003"))
        }
        _ => false,
    }
}

/// Whether the statement lost against another one and can be tried again, where it is alone in its transaction.
pub(crate) fn is_lost_race(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(told) if matches!(told.code().as_deref(), Some("40001" | "40P01")))
}
