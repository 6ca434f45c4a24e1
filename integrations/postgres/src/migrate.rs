use mainstay_runtime::store::{StoreError, StoreErrorKind};
use sqlx::{AssertSqlSafe, Connection, Postgres, Transaction, postgres::PgConnection};
use tokio::time::timeout;

use crate::{
    ask::Shared,
    names::{Names, quote},
    pool::connect,
    problem::Trouble,
};

const MIGRATE: &str = "migrate";

/// The version of the tables that this code works with: the number of migrations.
pub(crate) const VERSION: i32 = MIGRATIONS.len() as i32;

/// What is done once, in this order. What has been published is never changed.
const MIGRATIONS: [&str; 1] = [
    "CREATE TABLE {table} (
      id bytea PRIMARY KEY,
      key text NOT NULL,
      token bigint NOT NULL,
      claim bigint NOT NULL,
      fingerprint bytea,
      lease_end timestamptz,
      expires timestamptz NOT NULL,
      took_over boolean NOT NULL,
      record bytea
    );
    CREATE INDEX ON {table} (expires);
    CREATE SEQUENCE {tokens} AS bigint;
    COMMENT ON TABLE {table} IS 'Idempotent calls: id is the SHA-256 of the key, no lease_end means completed.'",
];

/// How long others that migrate are waited for.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// Brings the tables to this version.
pub(crate) async fn migrate(shared: &Shared) -> Result<(), StoreError> {
    let told = |trouble| shared.place.told(MIGRATE, trouble);
    // A connection of its own, because it lifts the limit for statements.
    let options = shared.source.options();
    let mut connection = connect(&options, shared.source.patience()).await.map_err(told)?;
    let migrated = timeout(PATIENCE, in_transaction(&mut connection, &shared.names)).await;
    let found = migrated.map_err(|_| told(Trouble::NoAnswer { after: PATIENCE }))?;
    let found = found.map_err(|error| told(Trouble::Told(error)))?;
    // It is closed in any case; politely if that works.
    let _ = timeout(shared.patience, connection.close()).await;
    known(shared, MIGRATE, found)
}

/// Whether tables of that version can be worked with.
pub(crate) fn known(shared: &Shared, operation: &'static str, found: i32) -> Result<(), StoreError> {
    let problem = match found {
        VERSION => return Ok(()),
        newer if newer > VERSION => format!(
            "its tables have version {newer}, this Mainstay knows version {VERSION}: a newer one has migrated them; use that one \
             here as well"
        ),
        older => format!(
            "its tables have version {older}, this Mainstay needs version {VERSION}; call `store.migrate().await` once when the \
             service starts"
        ),
    };
    Err(shared.place.error(operation, StoreErrorKind::Incompatible, problem))
}

async fn in_transaction(connection: &mut PgConnection, names: &Names) -> Result<i32, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    run(&mut transaction, "SET LOCAL statement_timeout = 0").await?;
    // Many processes start at once; one after the other comes through here.
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(names.migrating())
        .execute(&mut *transaction)
        .await?;
    let found = version(&mut transaction, names).await?;
    let wanted = usize::try_from(found.unwrap_or(0)).unwrap_or(0);
    if found.is_none() {
        make(&mut transaction, names).await?;
    }
    for (version, migration) in (1_i32..).zip(MIGRATIONS).skip(wanted) {
        let text = migration.replace("{table}", &names.table()).replace("{tokens}", &names.tokens());
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut *transaction).await?;
        let noted = format!("INSERT INTO {} (version) VALUES ($1)", names.migrations());
        sqlx::query(AssertSqlSafe(noted)).bind(version).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(found.unwrap_or(0).max(VERSION))
}

/// The version found; `None` if there is nothing yet.
async fn version(
    transaction: &mut Transaction<'_, Postgres>,
    names: &Names,
) -> Result<Option<i32>, sqlx::Error> {
    let exists: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2)",
    )
    .bind(&names.schema)
    .bind(format!("{}_migrations", names.table))
    .fetch_one(&mut **transaction)
    .await?;
    if !exists {
        return Ok(None);
    }
    let text = format!("SELECT coalesce(max(version), 0) FROM {}", names.migrations());
    sqlx::query_scalar(AssertSqlSafe(text)).fetch_one(&mut **transaction).await.map(Some)
}

async fn make(transaction: &mut Transaction<'_, Postgres>, names: &Names) -> Result<(), sqlx::Error> {
    // `IF NOT EXISTS` asks for the right to make one even where it exists.
    let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)")
        .bind(&names.schema)
        .fetch_one(&mut **transaction)
        .await?;
    if !exists {
        run(transaction, &format!("CREATE SCHEMA {}", quote(&names.schema))).await?;
    }
    let columns = "version integer PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now()";
    run(transaction, &format!("CREATE TABLE {} ({columns})", names.migrations())).await
}

async fn run(transaction: &mut Transaction<'_, Postgres>, text: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **transaction).await.map(drop)
}
