use std::{str::FromStr, time::Duration};

use mainstay_runtime::store::StoreError;
use sqlx::{ConnectOptions, PgPool, postgres::PgConnectOptions};

use crate::{
    PostgresStore,
    names::Names,
    pool::Pool,
    problem::{Place, Trouble},
    source::Source,
};

/// The options of a [`PostgresStore`], from [`PostgresStore::builder`].
#[derive(Debug, Clone)]
pub struct PostgresStoreBuilder {
    names: Names,
    max_connections: usize,
    acquire_timeout: Duration,
    statement_timeout: Duration,
}

impl PostgresStoreBuilder {
    pub(crate) fn new() -> Self {
        Self {
            names: Names { schema: "mainstay".into(), table: "idempotency".into() },
            max_connections: 10,
            acquire_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(5),
        }
    }

    /// The schema in which the tables are. `mainstay` by default; at most 45 bytes.
    #[must_use]
    pub fn schema(mut self, schema: impl Into<String>) -> Self {
        self.names.schema = schema.into();
        self
    }

    /// The table of the records. `idempotency` by default; at most 45 bytes. Two stores in one database that are to know nothing
    /// of each other have two tables.
    #[must_use]
    pub fn table(mut self, table: impl Into<String>) -> Self {
        self.names.table = table.into();
        self
    }

    /// The most connections at once, and one more as soon as somebody waits for a call in flight. 10 by default. Without effect
    /// on [`from_pool`](Self::from_pool).
    #[must_use]
    pub fn max_connections(mut self, connections: u32) -> Self {
        self.max_connections = usize::try_from(connections.max(1)).unwrap_or(usize::MAX);
        self
    }

    /// How long a step may wait for a connection, and how long one that records what a call gave tries to reach a server that
    /// is away. 3 seconds by default. Without effect on [`from_pool`](Self::from_pool), whose pool has its own.
    #[must_use]
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.acquire_timeout = timeout;
        self
    }

    /// How long a statement may take. 5 seconds by default. The server ends it then (`statement_timeout`); a server that
    /// does not is given up a second later.
    #[must_use]
    pub fn statement_timeout(mut self, timeout: Duration) -> Self {
        self.statement_timeout = timeout;
        self
    }

    /// Connects, to see that the server is there and lets us in.
    ///
    /// # Errors
    /// As [`PostgresStore::connect`].
    pub async fn connect(self, url: &str) -> Result<PostgresStore, StoreError> {
        let store = self.connect_lazy(url)?;
        store.probe().await?;
        Ok(store)
    }

    /// Connects when the first step needs it: for stores in a `static`, and services that start before their server.
    ///
    /// # Errors
    /// The URL cannot be read, or a name is too long.
    pub fn connect_lazy(self, url: &str) -> Result<PostgresStore, StoreError> {
        let options = PgConnectOptions::from_str(url).map_err(|error| {
            let place = Place::of(&PgConnectOptions::new_without_pgpass(), &self.names);
            place.told("connect", Trouble::Told(error))
        })?;
        let limit = self.statement_timeout.as_millis().max(1);
        let named = options.get_application_name().is_some();
        let options = options.options([("statement_timeout", limit)]).disable_statement_logging();
        let options = if named { options } else { options.application_name("mainstay") };
        let (size, timeout) = (self.max_connections, self.acquire_timeout);
        self.with(Source::Own(Box::new(Pool::new(options, size, timeout))))
    }

    /// A store on the connections of a pool of yours.
    ///
    /// sqlx asks the server after each use, and unless told otherwise before each (`test_before_acquire`), whether the connection
    /// works: a step is then two or three round trips. The pool's runtime has to live as long as the store is used.
    ///
    /// # Errors
    /// A name is too long.
    pub fn from_pool(self, pool: PgPool) -> Result<PostgresStore, StoreError> {
        self.with(Source::Theirs(pool))
    }

    fn with(self, source: Source) -> Result<PostgresStore, StoreError> {
        let place = Place::of(&source.options(), &self.names);
        self.names.check(&place.describe())?;
        Ok(PostgresStore::with(source, place, self.names, self.statement_timeout + Duration::from_secs(1)))
    }
}
