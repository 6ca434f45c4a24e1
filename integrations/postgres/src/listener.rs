use std::{
    sync::{Arc, OnceLock, Weak},
    time::{Duration, Instant},
};

use mainstay_runtime::{idempotent::Token, store::io};
use sqlx::{
    AssertSqlSafe, PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::{
    sync::{
        mpsc::{UnboundedReceiver, UnboundedSender, WeakUnboundedSender, unbounded_channel},
        oneshot,
    },
    time::timeout,
};

use crate::{ask::Shared, names::Marks};

/// The one connection on which a store hears of changes. It is made when somebody waits for the first time.
#[derive(Debug, Default)]
pub(crate) struct Listener(OnceLock<UnboundedSender<Command>>);

#[derive(Debug)]
pub(crate) enum Command {
    Watch { marks: Marks, seen: Token, answer: oneshot::Sender<Watching> },
    Leave { bell: i64, session: u64 },
}

/// How it stands with a change that is waited for.
#[derive(Debug)]
pub(crate) enum Watching {
    /// It will be told, as long as this is kept.
    Told(Watch),
    /// It is there already.
    Over,
    /// It is about to come.
    Soon,
    /// Nothing is heard from the server.
    Deaf,
}

/// After a failure nobody is kept waiting for another for so long.
const DEAF: Duration = Duration::from_millis(500);

/// A place on the listener, given back when dropped.
#[derive(Debug)]
pub(crate) struct Watch {
    commands: UnboundedSender<Command>,
    bell: i64,
    session: u64,
}

impl Listener {
    /// Has changes of the key told, from now on, and looks whether what was seen is over.
    pub(crate) async fn watch(&self, shared: &Arc<Shared>, marks: Marks, seen: Token) -> Watching {
        let (answer, told) = oneshot::channel();
        let command = Command::Watch { marks, seen, answer };
        let sent = self.commands(shared).is_some_and(|commands| commands.send(command).is_ok());
        if sent { told.await.unwrap_or(Watching::Deaf) } else { Watching::Deaf }
    }

    fn commands(&self, shared: &Arc<Shared>) -> Option<&UnboundedSender<Command>> {
        let io = io().ok()?;
        Some(self.0.get_or_init(|| {
            let (commands, receiver) = unbounded_channel();
            let (shared, sender) = (Arc::downgrade(shared), commands.downgrade());
            let task = Task { shared, sender, commands: receiver, session: 0, deaf_until: None };
            io.spawn(task.run());
            commands
        }))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.commands.send(Command::Leave { bell: self.bell, session: self.session });
    }
}

/// Ends with its store: then nobody holds the other end of the commands.
struct Task {
    shared: Weak<Shared>,
    sender: WeakUnboundedSender<Command>,
    commands: UnboundedReceiver<Command>,
    session: u64,
    deaf_until: Option<Instant>,
}

impl Task {
    async fn run(mut self) {
        while let Some(command) = self.commands.recv().await {
            let Command::Watch { .. } = command else { continue };
            if self.deaf_until.is_some_and(|until| Instant::now() < until) {
                deaf(command);
                continue;
            }
            let Some(shared) = self.shared.upgrade() else { return };
            let patience = shared.patience;
            match timeout(patience, listen(&shared)).await {
                Ok(Ok(listener)) => {
                    drop(shared);
                    self.session(listener, command, patience).await;
                    // What was told while nobody listened is lost.
                    let Some(shared) = self.shared.upgrade() else { return };
                    shared.waiters.wake_all();
                }
                failed => {
                    tracing::debug!(store = %shared.place.describe(), ?failed, "changes are not heard; asking for them");
                    deaf(command);
                }
            }
            self.deaf_until = Some(Instant::now() + DEAF);
        }
    }

    /// Until the connection fails or the store is dropped.
    async fn session(&mut self, mut listener: PgListener, first: Command, patience: Duration) {
        self.session += 1;
        let mut next = Some(first);
        loop {
            if let Some(command) = next.take() {
                match timeout(patience, self.obey(&mut listener, command)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) | Err(_) => return,
                }
            }
            tokio::select! {
                command = self.commands.recv() => match command {
                    Some(command) => next = Some(command),
                    None => return,
                },
                told = listener.try_recv() => match told {
                    Ok(Some(told)) => self.tell(told.payload()),
                    Ok(None) | Err(_) => return,
                },
            }
        }
    }

    fn tell(&self, payload: &str) {
        if let (Some(shared), Ok(bell)) = (self.shared.upgrade(), u64::from_str_radix(payload, 16)) {
            shared.waiters.wake(bell.cast_signed());
        }
    }

    async fn obey(&self, listener: &mut PgListener, command: Command) -> Result<(), sqlx::Error> {
        let Some(shared) = self.shared.upgrade() else { return Ok(()) };
        match command {
            Command::Watch { marks, seen, answer } => {
                let watching = self.look(&shared, listener, marks, seen).await?;
                // Where nobody waits any more the watch is dropped here, and left.
                drop(answer.send(watching));
            }
            Command::Leave { bell, session } if session == self.session => {
                call(listener, LEAVE, bell).await?;
            }
            // Locks of a connection that was lost are gone with it.
            Command::Leave { .. } => {}
        }
        Ok(())
    }

    async fn look(
        &self,
        shared: &Shared,
        listener: &mut PgListener,
        marks: Marks,
        seen: Token,
    ) -> Result<Watching, sqlx::Error> {
        if !call(listener, "SELECT pg_try_advisory_lock_shared($1)", marks.bell).await? {
            // Who ends the call holds the bell to see that nobody waits, and is about to commit.
            return Ok(Watching::Soon);
        }
        let over = sqlx::query_scalar(AssertSqlSafe(Arc::clone(&shared.statements.look)))
            .bind(&marks.id[..])
            .bind(i64::try_from(seen.0).unwrap_or(-1))
            .bind(marks.gate)
            .fetch_one(&mut *listener)
            .await?;
        if let (false, Some(commands)) = (over, self.sender.upgrade()) {
            return Ok(Watching::Told(Watch { commands, bell: marks.bell, session: self.session }));
        }
        call(listener, LEAVE, marks.bell).await?;
        Ok(Watching::Over)
    }
}

const LEAVE: &str = "SELECT pg_advisory_unlock_shared($1)";

async fn call(listener: &mut PgListener, text: &'static str, bell: i64) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(text).bind(bell).fetch_one(listener).await
}

fn deaf(command: Command) {
    if let Command::Watch { answer, .. } = command {
        let _ = answer.send(Watching::Deaf);
    }
}

async fn listen(shared: &Shared) -> Result<PgListener, sqlx::Error> {
    // A pool of one, because the listener of sqlx takes its connection from a pool.
    let pool: PgPool = PgPoolOptions::new()
        .max_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .acquire_timeout(shared.source.patience())
        .connect_lazy_with(shared.source.options());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    listener.ignore_pool_close_event(true);
    listener.listen(&shared.names.channel()).await?;
    Ok(listener)
}
