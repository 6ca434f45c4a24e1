use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard},
};

use mainstay_runtime::{
    idempotent::{Claim, Reserved},
    store::{StoreError, StoreErrorKind, io},
};
use redb::{Database, Durability as Redb, ReadableDatabase};
use tokio::sync::oneshot;

use crate::{
    Durability, FileStoreBuilder, open, problem,
    steps::{Outcome, Step, Told, What},
    tables::{RECORDS, Tables, read},
    waiters::Waiters,
};

/// What all threads of a store share.
///
/// Steps queue up while a transaction is written to the disk, and go into the next one together.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) options: FileStoreBuilder,
    pub(crate) waiters: Waiters,
    /// None after an error, until the next step opens the file anew.
    database: RwLock<Option<Database>>,
    queue: Mutex<Queue>,
    idle: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    jobs: Vec<Job>,
    /// A thread is at work, and looks into the queue before it ends.
    writing: bool,
    /// There are steps that the disk has not been told of.
    unwritten: bool,
}

#[derive(Debug)]
struct Job {
    operation: &'static str,
    step: Step,
    answer: oneshot::Sender<Result<Outcome, StoreError>>,
}

/// So many steps go into one transaction at most.
const BATCH: usize = 1024;
/// What the database takes at most, and leave: a record of this size is a mistake.
const LARGEST: usize = 1 << 30;

impl Writer {
    pub(crate) fn new(options: FileStoreBuilder, database: Database) -> Self {
        Self {
            options,
            waiters: Waiters::default(),
            database: RwLock::new(Some(database)),
            queue: Mutex::default(),
            idle: Condvar::new(),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn error(&self, operation: &'static str, kind: StoreErrorKind, problem: String) -> StoreError {
        problem::new(&self.options.path, operation, kind, problem)
    }

    /// Does the step, and tells when it is acknowledged.
    pub(crate) async fn run(
        self: &Arc<Self>,
        operation: &'static str,
        step: Step,
    ) -> Result<Outcome, StoreError> {
        if let What::Complete { record, .. } = &step.what
            && record.len() > LARGEST
        {
            let problem =
                format!("the record has {} bytes, more than the {LARGEST} it may have", record.len());
            return Err(self.error(operation, StoreErrorKind::Refused, problem));
        }
        let (answer, told) = oneshot::channel();
        self.enqueue(Job { operation, step, answer })?;
        match told.await {
            Ok(Ok(Outcome::Full)) => {
                let max = self.options.max_entries;
                let problem = format!(
                    "it holds {max} records, as many as it may; give it a larger `max_entries`, or its records a shorter ttl"
                );
                Err(self.error(operation, StoreErrorKind::Full, problem))
            }
            Ok(outcome) => outcome,
            Err(_) => Err(problem::panicked(&self.options.path, operation)),
        }
    }

    /// Where a claim needs no transaction that writes: what stands in its way, else `None`.
    pub(crate) async fn look(self: &Arc<Self>, claim: Claim<'_>) -> Result<Option<Reserved>, StoreError> {
        let (this, key, fingerprint) = (Arc::clone(self), claim.key.to_owned(), claim.fingerprint);
        let found = self.blocking("reserve", move || this.read("reserve", &key)).await?;
        let now = self.options.clock.now();
        Ok(found.filter(|kept| kept.expires > now).and_then(|kept| kept.answer(fingerprint, now)))
    }

    pub(crate) fn read(
        &self,
        operation: &'static str,
        key: &str,
    ) -> Result<Option<crate::tables::Kept>, StoreError> {
        self.guarded(operation, |database| {
            let transaction = database.begin_read()?;
            let records = transaction.open_table(RECORDS)?;
            Ok(read(&records, key)?)
        })
    }

    /// Runs what waits for the disk on a thread made for that.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        operation: &'static str,
        work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let thread = io().map_err(|error| self.no_thread(operation, &error))?.spawn_blocking(work);
        thread.await.unwrap_or_else(|_| Err(problem::panicked(&self.options.path, operation)))
    }

    fn no_thread(&self, operation: &'static str, error: &std::io::Error) -> StoreError {
        self.error(operation, StoreErrorKind::Unavailable, format!("no thread for it: {error}"))
    }

    fn enqueue(self: &Arc<Self>, job: Job) -> Result<(), StoreError> {
        let io = io().map_err(|error| self.no_thread(job.operation, &error))?;
        let mut queue = self.queue();
        queue.jobs.push(job);
        if !queue.writing {
            queue.writing = true;
            let this = Arc::clone(self);
            drop(io.spawn_blocking(move || this.write()));
        }
        Ok(())
    }

    fn write(self: &Arc<Self>) {
        loop {
            let jobs = {
                let mut queue = self.queue();
                if queue.jobs.is_empty() {
                    queue.writing = false;
                    self.idle.notify_all();
                    return;
                }
                let so_many = queue.jobs.len().min(BATCH);
                queue.jobs.drain(..so_many).collect::<Vec<_>>()
            };
            let Some(operation) = jobs.first().map(|job| job.operation) else { continue };
            let now = self.options.clock.now();
            let told = self.guarded(operation, |database| self.transaction(database, &jobs, now));
            self.answer(jobs, told);
        }
    }

    fn transaction(&self, database: &Database, jobs: &[Job], now: u64) -> Result<Vec<Told>, redb::Error> {
        let mut transaction = database.begin_write()?;
        let delayed = matches!(self.options.durability, Durability::Delayed(_));
        if delayed {
            transaction.set_durability(Redb::None)?;
        }
        let mut tables = Tables::open(&transaction)?;
        let run = |job: &Job| job.step.run(&mut tables, now, self.options.max_entries);
        let told = jobs.iter().map(run).collect::<Result<Vec<_>, _>>()?;
        drop(tables);
        if told.iter().any(|(outcome, _)| outcome.writes()) {
            transaction.commit()?;
        } else {
            transaction.abort()?;
        }
        Ok(told)
    }

    fn answer(self: &Arc<Self>, jobs: Vec<Job>, told: Result<Vec<Told>, StoreError>) {
        let told = match told {
            Ok(told) => told,
            Err(error) => {
                let renamed = |operation| {
                    StoreError::because(
                        error.kind(),
                        error.store(),
                        operation,
                        error.problem(),
                        error.clone(),
                    )
                };
                jobs.into_iter().for_each(|job| drop(job.answer.send(Err(renamed(job.operation)))));
                return;
            }
        };
        if let Durability::Delayed(delay) = self.options.durability
            && told.iter().any(|(outcome, _)| outcome.writes())
        {
            self.flush_after(delay);
        }
        for (Job { step, answer, .. }, (outcome, changed)) in jobs.into_iter().zip(told) {
            if changed {
                self.waiters.wake(&step.key);
            }
            // Nobody knows of this claim any more: the call was dropped while it was written.
            if let Err(Ok(Outcome::Reserved(Reserved::Claimed { token, .. }))) = answer.send(Ok(outcome)) {
                let step = Step { key: step.key, what: What::Release { token } };
                drop(self.enqueue(Job { operation: "release", step, answer: oneshot::channel().0 }));
            }
        }
    }

    /// What needs the database, which is opened anew after an error.
    fn guarded<T>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Database) -> Result<T, redb::Error>,
    ) -> Result<T, StoreError> {
        let path = &self.options.path;
        let told = {
            let database = self.opened()?;
            let Some(database) = &*database else {
                let problem = "the store is being closed".to_owned();
                return Err(self.error(operation, StoreErrorKind::Unavailable, problem));
            };
            // The database panics where a damaged file leads it astray.
            match catch_unwind(AssertUnwindSafe(|| work(database))) {
                Ok(told) => told.map_err(|error| problem::told(path, operation, error)),
                Err(_) => Err(problem::panicked(path, operation)),
            }
        };
        if told.is_err() {
            self.forget();
        }
        told
    }

    fn opened(&self) -> Result<RwLockReadGuard<'_, Option<Database>>, StoreError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        if database.is_some() {
            return Ok(database);
        }
        drop(database);
        let mut closed = self.database.write().unwrap_or_else(PoisonError::into_inner);
        if closed.is_none() {
            *closed = Some(open::open(&self.options)?);
        }
        drop(closed);
        Ok(self.database.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn forget(&self) {
        let database = self.database.write().unwrap_or_else(PoisonError::into_inner).take();
        // Closing a database that has failed may fail in any way.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(database)));
    }

    fn flush_after(self: &Arc<Self>, delay: std::time::Duration) {
        if std::mem::replace(&mut self.queue().unwritten, true) {
            return;
        }
        if let Ok(io) = io() {
            let this = Arc::downgrade(self);
            io.spawn(async move {
                tokio::time::sleep(delay).await;
                if let Some(this) = this.upgrade() {
                    let _ = tokio::task::spawn_blocking(move || this.flush()).await;
                }
            });
        }
    }

    /// Has everything on the disk.
    pub(crate) fn flush(&self) {
        if std::mem::take(&mut self.queue().unwritten) {
            let told = self.guarded("flush", |database| Ok(database.begin_write()?.commit()?));
            if told.is_err() {
                self.queue().unwritten = true;
            }
        }
    }

    /// Ends what is under way and closes the file, so that it can be opened again at once.
    pub(crate) fn close(&self) {
        let mut queue = self.queue();
        while queue.writing {
            queue = self.idle.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        drop(queue);
        self.flush();
        self.forget();
    }
}
