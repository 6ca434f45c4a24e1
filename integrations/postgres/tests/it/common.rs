use std::{
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use mainstay_postgres::{PostgresStore, PostgresStoreBuilder};
use mainstay_runtime::{
    idempotent::{Claim, IdempotencyStore, Reserved, Token, TransactionalStore},
    store::Fingerprint,
};
use mainstay_testkit::servers::PostgresServer;
use sqlx::{Connection, PgConnection, Postgres, Transaction};

pub(crate) const LEASE: Duration = Duration::from_secs(600);
pub(crate) const TTL: Duration = Duration::from_secs(3600);

/// A store that gives no server up because the machine is busy: a test that is about time sets limits of its own.
pub(crate) fn patient() -> PostgresStoreBuilder {
    let minute = Duration::from_secs(60);
    PostgresStore::builder().acquire_timeout(minute).statement_timeout(minute)
}

/// A server that tests share, with a schema of one's own in it.
pub(crate) struct Place {
    pub(crate) server: Arc<PostgresServer>,
    pub(crate) schema: String,
}

static SERVER: Mutex<Weak<PostgresServer>> = Mutex::new(Weak::new());
static SCHEMAS: AtomicU32 = AtomicU32::new(0);

impl Place {
    pub(crate) fn new() -> Self {
        let mut shared = SERVER.lock().unwrap();
        let server = shared.upgrade().unwrap_or_else(|| {
            let server = PostgresServer::builder().config("max_connections", "300").start().unwrap();
            let server = Arc::new(server);
            *shared = Arc::downgrade(&server);
            server
        });
        Self { server, schema: format!("test {}", SCHEMAS.fetch_add(1, Ordering::Relaxed)) }
    }

    pub(crate) fn builder(&self) -> PostgresStoreBuilder {
        patient().schema(&self.schema)
    }

    pub(crate) async fn bare(&self) -> PostgresStore {
        self.builder().connect(&self.server.url()).await.unwrap()
    }

    pub(crate) async fn store(&self) -> Arc<PostgresStore> {
        let store = self.bare().await;
        store.migrate().await.unwrap();
        Arc::new(store)
    }

    pub(crate) async fn connection(&self) -> PgConnection {
        PgConnection::connect(&self.server.url()).await.unwrap()
    }

    /// Runs some statements as the superuser.
    pub(crate) async fn run(&self, text: &str) {
        let text = text.replace("{schema}", &format!("\"{}\"", self.schema));
        sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut self.connection().await).await.unwrap();
    }

    pub(crate) async fn number(&self, text: &str) -> i64 {
        let text = text.replace("{schema}", &format!("\"{}\"", self.schema));
        sqlx::query_scalar(sqlx::AssertSqlSafe(text)).fetch_one(&mut self.connection().await).await.unwrap()
    }

    /// A table for what calls do.
    pub(crate) async fn ledger(&self) {
        self.run("CREATE TABLE {schema}.ledger (key text NOT NULL)").await;
    }

    pub(crate) async fn effects(&self) -> i64 {
        self.number("SELECT count(*) FROM {schema}.ledger").await
    }
}

pub(crate) async fn effect(
    transaction: &mut Transaction<'_, Postgres>,
    place: &Place,
    key: &str,
) -> sqlx::Result<()> {
    let text = format!("INSERT INTO \"{}\".ledger VALUES ($1)", place.schema);
    sqlx::query(sqlx::AssertSqlSafe(text)).bind(key).execute(&mut **transaction).await.map(drop)
}

pub(crate) fn claim(key: &str) -> Claim<'_> {
    Claim { key, fingerprint: None, lease: LEASE, ttl: TTL }
}

pub(crate) fn with(key: &str, fingerprint: u8) -> Claim<'_> {
    Claim { fingerprint: Some(Fingerprint([fingerprint; 32])), ..claim(key) }
}

pub(crate) async fn claimed(store: &PostgresStore, claim: Claim<'_>) -> Token {
    token_of(store.reserve(claim).await.unwrap())
}

pub(crate) async fn claimed_in(
    store: &PostgresStore,
    tx: &mut Transaction<'_, Postgres>,
    key: &str,
) -> Token {
    token_of(store.reserve_in(tx, claim(key)).await.unwrap())
}

pub(crate) fn token_of(reserved: Reserved) -> Token {
    match reserved {
        Reserved::Claimed { token, .. } => token,
        other => panic!("the key is not to be had: {other:?}"),
    }
}

/// What all are told while a transaction has the key.
pub(crate) fn is_held(reserved: &Reserved) -> bool {
    matches!(reserved, Reserved::InFlight { token: Token(0), .. })
}
