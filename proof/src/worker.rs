//! One of the processes that are killed: it carries out its operations until each is answered.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use mainstay::{
    Error, Kind, idempotent,
    observe::{Event, listen},
    postgres::PostgresStore,
    redis::RedisStore,
};
use sqlx::{PgConnection, PgPool};

use crate::{
    lines::{self, Lines},
    plan::{Outcome, Plan, Store},
};

/// How many operations a process has under way at once.
pub(crate) const AT_ONCE: usize = 4;

struct Worker {
    plan: Plan,
    process: u32,
    life: u64,
    folder: PathBuf,
    ledger: Lines,
    unrecorded: Lines,
    answers: Lines,
}

/// Where its records are.
enum Records {
    Redis(Arc<RedisStore>),
    Postgres(Arc<PostgresStore>),
    Transaction(Arc<PostgresStore>, PgPool),
}

/// What the coordinator starts a worker with.
pub(crate) fn arguments(
    plan: &Plan,
    store: Store,
    url: &str,
    folder: &Path,
    process: u32,
    life: u64,
) -> Vec<String> {
    let numbers = [plan.operations, plan.keys, plan.processes, process].map(|number| number.to_string());
    let mut arguments =
        vec!["worker".to_owned(), store.to_string(), url.to_owned(), folder.display().to_string()];
    arguments.extend(numbers);
    arguments.extend([plan.seed.to_string(), life.to_string()]);
    arguments
}

pub(crate) fn main(arguments: &[String]) -> Outcome<()> {
    let [store, url, folder, operations, keys, processes, process, seed, life] = arguments else {
        return Err("a worker is started by the coordinator".to_owned());
    };
    let number = |text: &String| text.parse::<u64>().map_err(|error| format!("{text}: {error}"));
    let small = |text: &String| text.parse::<u32>().map_err(|error| format!("{text}: {error}"));
    let store: Store = store.parse()?;
    let plan = Plan {
        operations: small(operations)?,
        keys: small(keys)?,
        processes: small(processes)?,
        seed: number(seed)?,
        stores: vec![store],
    };
    let (process, folder) = (small(process)?, PathBuf::from(folder));
    let worker = Worker {
        process,
        life: number(life)?,
        ledger: Lines::open(&lines::ledger(&folder))?,
        unrecorded: Lines::open(&lines::unrecorded(&folder))?,
        answers: Lines::open(&lines::answers(&folder, process))?,
        plan,
        folder,
    };
    let (late, life) = (Lines::open(&lines::late(&worker.folder))?, worker.life);
    let _listening = listen(move |event| {
        if let Event::CompletionRefused { key, .. } = event
            && let Err(problem) = late.add(&format!("{key} {life}"))
        {
            eprintln!("{problem}");
            std::process::exit(1);
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(worker.run(store, url))
}

impl Worker {
    async fn run(&self, store: Store, url: &str) -> Outcome<()> {
        let records = connect(store, url)?;
        let answered: HashSet<u64> = lines::read(&lines::answers(&self.folder, self.process))?
            .into_iter()
            .filter_map(|words| words.first().copied())
            .collect();
        let mut left: Vec<u32> = (0..self.plan.operations)
            .filter(|operation| self.plan.process_of(*operation) == self.process)
            .filter(|operation| !answered.contains(&u64::from(*operation)))
            .collect();
        fastrand::shuffle(&mut left);
        let (left, next) = (&left, &AtomicUsize::new(0));
        let lane = || async {
            while let Some(operation) = left.get(next.fetch_add(1, Ordering::Relaxed)) {
                self.carry_out(*operation, &records).await?;
            }
            Ok::<_, String>(())
        };
        let lanes = mainstay::testkit::contract::together((0..AT_ONCE).map(|_| lane())).await;
        lanes.into_iter().collect()
    }

    /// Tries until there is an answer, as a client does that must know.
    async fn carry_out(&self, operation: u32, records: &Records) -> Outcome<()> {
        let key = self.plan.key_of(operation);
        loop {
            let answer = match records {
                Records::Redis(store) => in_redis(key, store, self).await,
                Records::Postgres(store) => in_postgres(key, store, self).await,
                Records::Transaction(store, pool) => self.in_transaction(key, store, pool).await,
            };
            match answer {
                Ok(number) => return self.answers.add(&format!("{operation} {number}")),
                Err(error) if error.kind() == Kind::Unrecorded => {
                    self.unrecorded.add(&format!("{key} {}", self.life))?;
                }
                Err(_) => {}
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The effect itself: a line in the ledger, with moments before and after it in which a process may be killed.
    async fn effect(&self, key: u32) -> Result<u64, Error> {
        pause().await;
        let number = fastrand::u64(..);
        let line = format!("{key} {number} {}", self.life);
        // A ledger that cannot be written ends the proof: the process comes back and says so again.
        if let Err(problem) = self.ledger.add(&line) {
            eprintln!("{problem}");
            std::process::exit(1);
        }
        pause().await;
        Ok(number)
    }

    async fn in_transaction(
        &self,
        key: u32,
        store: &Arc<PostgresStore>,
        pool: &PgPool,
    ) -> Result<u64, Error> {
        let away = |error: sqlx::Error| Error::timed_out(error.to_string(), Duration::ZERO);
        let mut transaction = pool.begin().await.map_err(away)?;
        let number = within(key, &mut transaction, store, self).await?;
        transaction.commit().await.map_err(away)?;
        Ok(number)
    }
}

async fn pause() {
    tokio::time::sleep(Duration::from_micros(fastrand::u64(0..3000))).await;
}

fn connect(store: Store, url: &str) -> Outcome<Records> {
    let problem = |error: &dyn std::fmt::Display| error.to_string();
    Ok(match store {
        Store::Redis => {
            Records::Redis(Arc::new(RedisStore::builder(url).build().map_err(|error| problem(&error))?))
        }
        Store::Postgres | Store::Transaction => {
            let own = PostgresStore::builder().max_connections(4).connect_lazy(url);
            let own = Arc::new(own.map_err(|error| problem(&error))?);
            match store {
                Store::Transaction => {
                    let options = sqlx::postgres::PgPoolOptions::new()
                        .max_connections(AT_ONCE as u32)
                        .acquire_timeout(Duration::from_secs(2));
                    let pool = options.connect_lazy(url).map_err(|error| problem(&error))?;
                    Records::Transaction(own, pool)
                }
                _ => Records::Postgres(own),
            }
        }
    })
}

#[idempotent("proof", key = key, lease = "500ms", ttl = "1h", store = store)]
async fn in_redis(key: u32, store: &Arc<RedisStore>, worker: &Worker) -> Result<u64, Error> {
    let _ = store;
    worker.effect(key).await
}

#[idempotent("proof", key = key, lease = "500ms", ttl = "1h", store = store)]
async fn in_postgres(key: u32, store: &Arc<PostgresStore>, worker: &Worker) -> Result<u64, Error> {
    let _ = store;
    worker.effect(key).await
}

/// The effect is a row, and commits with the record of it.
#[idempotent("proof", key = key, ttl = "1h", store = store, transaction = transaction)]
async fn within(
    key: u32,
    transaction: &mut PgConnection,
    store: &Arc<PostgresStore>,
    worker: &Worker,
) -> Result<u64, Error> {
    let _ = store;
    pause().await;
    let number = fastrand::u64(..i64::MAX as u64);
    let effect = sqlx::query("INSERT INTO ledger (key, number, life) VALUES ($1, $2, $3)")
        .bind(i64::from(key))
        .bind(number as i64)
        .bind(worker.life as i64);
    effect
        .execute(&mut *transaction)
        .await
        .map_err(|error| Error::timed_out(error.to_string(), Duration::ZERO))?;
    pause().await;
    Ok(number)
}
