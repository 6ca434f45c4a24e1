use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use mainstay_runtime::store::{StoreErrorKind, io};
use redis::{
    AsyncConnectionConfig, Client, PushInfo, PushKind, Value,
    aio::{AsyncPushSender, MultiplexedConnection},
};
use tokio::{sync::watch, time::timeout};

use crate::{failure::Failure, request::Request};

/// How many commands may wait to be sent on one connection before those that come have to wait, too.
const QUEUE: usize = 1024;

/// How long the server may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) connect: Duration,
    pub(crate) response: Duration,
    /// How long a waiter trusts that it is told of a change.
    pub(crate) trust: Duration,
    /// How long nothing may be heard before the server is asked whether it is still there.
    pub(crate) silence: Duration,
}

/// The connection that all commands share. Made when it is first needed, and again when it was lost.
///
/// Everything runs on the stores' own thread: it outlives the caller's runtime, its clock is not the caller's paused one,
/// and what a dropped caller has begun is brought to its end.
#[derive(Clone)]
pub(crate) struct Link(Arc<Shared>);

struct Shared {
    client: Client,
    limits: Limits,
    state: Mutex<State>,
}

enum State {
    Idle,
    /// Whoever needs the connection meanwhile gets what this attempt gives.
    Connecting(watch::Receiver<Option<Result<Live, Failure>>>),
    Connected(Live),
}

#[derive(Clone)]
struct Live {
    connection: MultiplexedConnection,
    lost: Arc<AtomicBool>,
}

impl Link {
    pub(crate) fn new(client: Client, limits: Limits) -> Self {
        Self(Arc::new(Shared { client, limits, state: Mutex::new(State::Idle) }))
    }

    pub(crate) async fn ask(&self, request: Request) -> Result<Value, Failure> {
        let shared = Arc::clone(&self.0);
        let asked = io()?.spawn(async move { shared.perform(request).await });
        asked.await.unwrap_or_else(|_| Err(ended()))
    }
}

fn ended() -> Failure {
    Failure::new(
        StoreErrorKind::Unavailable,
        "the stores' thread ended while it waited; does the process shut down?",
    )
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn perform(self: Arc<Self>, request: Request) -> Result<Value, Failure> {
        let Live { mut connection, lost } = self.live().await?;
        match timeout(self.limits.response, request.send(&mut connection)).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => {
                if error.is_unrecoverable_error() {
                    lost.store(true, Ordering::Relaxed);
                }
                Err(error.into())
            }
            Err(_) => {
                // It may lead nowhere any more without either end knowing.
                lost.store(true, Ordering::Relaxed);
                Err(Failure::no_answer_within(self.limits.response))
            }
        }
    }

    async fn live(self: &Arc<Self>) -> Result<Live, Failure> {
        let mut outcome = {
            let mut state = self.state();
            match &*state {
                State::Connected(live) if !live.lost.load(Ordering::Relaxed) => return Ok(live.clone()),
                State::Connecting(outcome) => outcome.clone(),
                State::Connected(_) | State::Idle => {
                    let (tell, outcome) = watch::channel(None);
                    *state = State::Connecting(outcome.clone());
                    tokio::spawn(Arc::clone(self).connect(tell));
                    outcome
                }
            }
        };
        let told = outcome.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone());
        told.unwrap_or_else(|| {
            // The attempt ended without a word; the next caller makes another.
            *self.state() = State::Idle;
            Err(ended())
        })
    }

    async fn connect(self: Arc<Self>, tell: watch::Sender<Option<Result<Live, Failure>>>) {
        let lost = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&lost);
        let hear = move |push: PushInfo| {
            if push.kind == PushKind::Disconnection {
                told.store(true, Ordering::Relaxed);
            }
            Ok::<(), redis::aio::SendError>(())
        };
        let outcome = open(&self.client, self.limits, hear).await;
        let outcome = outcome.map(|connection| Live { connection, lost });
        *self.state() = match &outcome {
            Ok(live) => State::Connected(live.clone()),
            Err(_) => State::Idle,
        };
        tell.send_replace(Some(outcome));
    }
}

/// A connection of one's own, whose pushes go to `hear`.
pub(crate) async fn open(
    client: &Client,
    limits: Limits,
    hear: impl AsyncPushSender,
) -> Result<MultiplexedConnection, Failure> {
    let config = AsyncConnectionConfig::new()
        // Ours are around it.
        .set_connection_timeout(None)
        .set_response_timeout(None)
        .set_pipeline_buffer_size(QUEUE)
        .set_push_sender(hear);
    match timeout(limits.connect, client.get_multiplexed_async_connection_with_config(&config)).await {
        Ok(opened) => opened.map_err(Failure::connecting),
        Err(_) => Err(Failure::no_connection_within(limits.connect)),
    }
}
