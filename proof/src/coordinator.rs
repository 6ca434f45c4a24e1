//! Starts the servers and the workers, and kills both.

use std::{path::Path, time::Duration};

use mainstay::testkit::servers::{PostgresServer, RedisServer, ServerError};

use crate::{
    books::Books,
    plan::{Outcome, Plan, Store},
    report,
    run::Run,
};

/// A server that can be killed, of whichever kind.
pub(crate) enum Server {
    Redis(RedisServer),
    Postgres(PostgresServer),
}

impl Server {
    fn start(store: Store) -> Result<Self, ServerError> {
        Ok(match store {
            Store::Redis => Self::Redis(RedisServer::builder().append_only().start()?),
            Store::Postgres | Store::Transaction => Self::Postgres(PostgresServer::start()?),
        })
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Redis(server) => server.url(),
            Self::Postgres(server) => server.url(),
        }
    }

    pub(crate) fn kill(&mut self) {
        match self {
            Self::Redis(server) => server.kill(),
            Self::Postgres(server) => server.kill(),
        }
    }

    pub(crate) fn restart(&mut self) -> Outcome<()> {
        let restarted = match self {
            Self::Redis(server) => server.restart(),
            Self::Postgres(server) => server.restart(),
        };
        restarted.map_err(|error| error.to_string())
    }
}

pub(crate) fn main(plan: &Plan) -> Outcome<()> {
    println!(
        "{} operations over {} keys by {} processes, seed {}",
        plan.operations, plan.keys, plan.processes, plan.seed
    );
    let mut problems = Vec::new();
    let mut rows = Vec::new();
    for store in &plan.stores {
        let folder = std::env::temp_dir().join(format!("mainstay-proof-{}-{store}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let done = prove(plan, *store, &folder);
        // What is left behind is of use only where something went wrong.
        let (row, found) =
            done.map_err(|problem| format!("{store}: {problem} (see {})", folder.display()))?;
        if found.is_empty() {
            let _ = std::fs::remove_dir_all(&folder);
        }
        problems.extend(found.into_iter().map(|problem| format!("{store}: {problem}")));
        rows.push(row);
    }
    report::print(&rows);
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n       ")) }
}

fn prove(plan: &Plan, store: Store, folder: &Path) -> Outcome<(report::Row, Vec<String>)> {
    let mut server = Server::start(store).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    if store != Store::Redis {
        runtime.block_on(prepare(&server.url()))?;
    }
    let run = Run::new(plan, store, folder).until_done(&mut server)?;
    let books = match store {
        Store::Transaction => {
            let ledger = runtime.block_on(rows_of_ledger(&server.url()))?;
            Books::close(plan, folder, &run, ledger)?
        }
        _ => Books::close(plan, folder, &run, crate::lines::read(&crate::lines::ledger(folder))?)?,
    };
    Ok((report::Row::new(store, &run, &books), books.problems(store)))
}

async fn prepare(url: &str) -> Outcome<()> {
    let store = mainstay::postgres::PostgresStore::connect(url).await.map_err(|error| error.to_string())?;
    store.migrate().await.map_err(|error| error.to_string())?;
    let pool = sqlx::PgPool::connect(url).await.map_err(|error| error.to_string())?;
    let table = sqlx::query("CREATE TABLE ledger (key bigint, number bigint, life bigint)");
    table.execute(&pool).await.map(drop).map_err(|error| error.to_string())
}

async fn rows_of_ledger(url: &str) -> Outcome<Vec<Vec<u64>>> {
    let options = sqlx::postgres::PgPoolOptions::new().acquire_timeout(Duration::from_secs(30));
    let pool = options.connect(url).await.map_err(|error| error.to_string())?;
    let rows =
        sqlx::query_as::<_, (i64, i64, i64)>("SELECT key, number, life FROM ledger").fetch_all(&pool).await;
    let rows = rows.map_err(|error| error.to_string())?;
    Ok(rows.into_iter().map(|(key, number, life)| vec![key as u64, number as u64, life as u64]).collect())
}
