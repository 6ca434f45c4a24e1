use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32},
    },
    time::Duration,
};

use mainstay_json::Json;
use mainstay_runtime::{
    clock,
    idempotent::{Claim, IdempotencyStore, Reserved, Token},
    store::{BoxFuture, Store, StoreError, StoreErrorKind, io},
};
use sqlx::PgPool;

use crate::{
    PostgresStoreBuilder,
    ask::Shared,
    listener::{Listener, Watching},
    migrate,
    names::Names,
    pool::connect,
    problem::Place,
    source::Source,
    statements::Statements,
    step::{Outcome, Step, Wanted, micros},
    waiters::Waiters,
};

/// The records of idempotent calls in a table of PostgreSQL, for any number of processes.
///
/// Each step is one statement and one round trip; leases and expiry follow the server's clock. Its connections live on a thread
/// of Mainstay's own, so that the store can be used from any runtime and from none.
///
/// Within a transaction of the caller's it implements
/// [`TransactionalStore`](mainstay_runtime::idempotent::TransactionalStore) for [`sqlx::PgConnection`] and
/// [`sqlx::Transaction`].
pub struct PostgresStore {
    pub(crate) shared: Arc<Shared>,
    pub(crate) listener: Listener,
}

/// Where changes are told, it is looked for them all the same at times: a transaction that ends without a commit tells nothing,
/// and so does one that is cut off.
const TOLD: Duration = Duration::from_secs(1);
const HELD: Duration = Duration::from_millis(100);
/// A change that is about to come.
const SOON: Duration = Duration::from_millis(20);

impl PostgresStore {
    /// A store at `postgres://user:password@host:5432/database` with the default options. Looks whether the server is there.
    ///
    /// # Errors
    /// The server is away, refuses the user or has no such database, or the URL cannot be read.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::builder().connect(url).await
    }

    /// A store on the connections of a pool of yours, with the default options; see [`PostgresStoreBuilder::from_pool`].
    ///
    /// # Errors
    /// None with the default names.
    pub fn from_pool(pool: PgPool) -> Result<Self, StoreError> {
        Self::builder().from_pool(pool)
    }

    /// The options of a store.
    pub fn builder() -> PostgresStoreBuilder {
        PostgresStoreBuilder::new()
    }

    pub(crate) fn with(source: Source, place: Place, names: Names, patience: Duration) -> Self {
        let shared = Shared {
            source,
            place,
            statements: Statements::of(&names),
            names,
            waiters: Waiters::default(),
            patience,
            claims: AtomicU32::new(0),
            sweeping: AtomicBool::new(false),
        };
        Self { shared: Arc::new(shared), listener: Listener::default() }
    }

    /// Makes the tables, or brings them to this version. Many processes may do so at once: one does it, the others wait.
    ///
    /// Call it once when the service starts, or in a step of its own with a user that may create tables.
    ///
    /// # Errors
    /// The server is away, the user may not create tables, or a newer Mainstay has migrated them.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let shared = Arc::clone(&self.shared);
        self.on_io("migrate", async move { migrate::migrate(&shared).await }).await
    }

    /// Forgets all records that have expired, in steps of 500, and gives how many they were.
    ///
    /// Every hundredth claim of a process forgets up to 500 by itself: a service that is used needs no job for it.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        self.shared.sweep().await
    }

    pub(crate) async fn probe(&self) -> Result<(), StoreError> {
        let shared = Arc::clone(&self.shared);
        let probe = async move {
            let connected = connect(&shared.source.options(), shared.source.patience()).await;
            connected.map(drop).map_err(|trouble| shared.place.told("connect", trouble))
        };
        self.on_io("connect", probe).await
    }

    async fn on_io<T: Send + 'static>(
        &self,
        operation: &'static str,
        work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        let failed =
            |problem: String| self.shared.place.error(operation, StoreErrorKind::Unavailable, problem);
        let io = io().map_err(|error| failed(format!("no thread for its connections: {error}")))?;
        io.spawn(work).await.unwrap_or_else(|error| Err(failed(format!("{error}; please report this"))))
    }

    async fn done(&self, operation: &'static str, step: Step) -> Result<bool, StoreError> {
        let bell = step.marks().map(|marks| marks.bell);
        let ends = !matches!(step, Step::Renew { .. });
        match self.shared.ask(operation, step).await? {
            Outcome::Done(done) => {
                if let Some(bell) = bell.filter(|_| done && ends) {
                    self.shared.waiters.wake(bell);
                }
                Ok(done)
            }
            other => Err(self.shared.unexpected(operation, &other)),
        }
    }
}

impl Store for PostgresStore {
    fn describe(&self) -> String {
        self.shared.place.describe()
    }

    /// Asks the server for the version of the tables, and whether it takes writes.
    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            match self.shared.ask("ping", Step::Ping).await? {
                Outcome::Pong(_, true) => {
                    let problem =
                        "it takes no writes; connect to the primary, this is a standby or read-only";
                    Err(self.shared.place.error("ping", StoreErrorKind::Refused, problem))
                }
                Outcome::Pong(version, false) => migrate::known(&self.shared, "ping", version.unwrap_or(0)),
                other => Err(self.shared.unexpected("ping", &other)),
            }
        })
    }
}

impl IdempotencyStore for PostgresStore {
    type Codec = Json;

    fn reserve<'a>(&'a self, claim: Claim<'a>) -> BoxFuture<'a, Result<Reserved, StoreError>> {
        Box::pin(async move {
            let step = Step::Reserve(Wanted::of(&self.shared.names, claim, false));
            match self.shared.ask("reserve", step).await? {
                Outcome::Reserved(reserved) => Ok(reserved),
                other => Err(self.shared.unexpected("reserve", &other)),
            }
        })
    }

    fn renew<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        lease: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        let marks = self.shared.names.marks(key);
        Box::pin(self.done("renew", Step::Renew { marks, token, lease: micros(lease) }))
    }

    fn complete<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        record: &'a [u8],
        ttl: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        let marks = self.shared.names.marks(key);
        Box::pin(async move {
            let step = Step::Complete { marks, token, record: record.to_vec(), ttl: micros(ttl) };
            self.done("complete", step).await
        })
    }

    fn release<'a>(&'a self, key: &'a str, token: Token) -> BoxFuture<'a, Result<bool, StoreError>> {
        let marks = self.shared.names.marks(key);
        Box::pin(self.done("release", Step::Release { marks, token }))
    }

    fn changed<'a>(&'a self, key: &'a str, seen: Token, at_most: Duration) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let marks = self.shared.names.marks(key);
            let waiter = self.shared.waiters.join(marks.bell);
            let told = waiter.notify.notified();
            tokio::pin!(told);
            told.as_mut().enable();
            let listening = async {
                let (look_again, _watch) = match self.listener.watch(&self.shared, marks, seen).await {
                    Watching::Over => return,
                    Watching::Soon => (SOON, None),
                    Watching::Told(watch) if seen.0 != 0 => (TOLD, Some(watch)),
                    Watching::Told(watch) => (HELD, Some(watch)),
                    Watching::Deaf => (HELD, None),
                };
                clock::sleep(look_again).await;
            };
            tokio::select! {
                () = told => {}
                () = listening => {}
                () = clock::sleep(at_most) => {}
            }
        })
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PostgresStore").field(&self.describe()).finish()
    }
}
