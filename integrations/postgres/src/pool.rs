use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{
    ConnectOptions,
    postgres::{PgConnectOptions, PgConnection},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::problem::Trouble;

/// The connections of a store that was made with an address.
///
/// sqlx's own pool asks the server after each use whether the connection still works, which is a second round trip per
/// step, and hides why it cannot connect behind its time limit.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) options: PgConnectOptions,
    pub(crate) size: usize,
    pub(crate) patience: Duration,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<(PgConnection, Instant)>>,
}

/// A connection that is ours until it is given back. Dropped instead, it is closed.
pub(crate) struct Held {
    pub(crate) connection: PgConnection,
    permit: OwnedSemaphorePermit,
    /// It was idle before, so that it may have been cut meanwhile.
    pub(crate) reused: bool,
}

/// What lies idle longer may have been forgotten by a firewall on the way.
const IDLE: Duration = Duration::from_secs(300);

impl Pool {
    pub(crate) fn new(options: PgConnectOptions, size: usize, patience: Duration) -> Self {
        let permits = Arc::new(Semaphore::new(size));
        Self { options, size, patience, permits, idle: Mutex::default() }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(PgConnection, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many connections there are, and how many of them are idle.
    pub(crate) fn sizes(&self) -> (usize, usize) {
        let idle = self.idle().len();
        (idle + self.size.saturating_sub(self.permits.available_permits()), idle)
    }

    pub(crate) async fn acquire(&self) -> Result<Held, Trouble> {
        let permit = timeout(self.patience, Arc::clone(&self.permits).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else {
            return Err(Trouble::Busy { size: self.size, after: self.patience });
        };
        let idle = {
            let mut idle = self.idle();
            idle.retain(|(_, since)| since.elapsed() < IDLE);
            idle.pop()
        };
        if let Some((connection, _)) = idle {
            return Ok(Held { connection, permit, reused: true });
        }
        let connection = connect(&self.options, self.patience).await?;
        Ok(Held { connection, permit, reused: false })
    }

    pub(crate) fn give_back(&self, held: Held) {
        let Held { connection, permit, .. } = held;
        self.idle().push((connection, Instant::now()));
        drop(permit);
    }

    /// Closes what is idle: one of them turned out to be cut, so the others are as well.
    pub(crate) fn forget(&self) {
        let idle = std::mem::take(&mut *self.idle());
        drop(idle);
    }
}

pub(crate) async fn connect(options: &PgConnectOptions, patience: Duration) -> Result<PgConnection, Trouble> {
    match timeout(patience, options.connect()).await {
        Ok(connected) => connected.map_err(Trouble::Told),
        Err(_) => Err(Trouble::NoConnection { after: patience }),
    }
}
