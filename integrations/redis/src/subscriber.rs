#[cfg(test)]
mod tests;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use mainstay_runtime::{cached::Invalidation, store::io};
use redis::{Client, PushInfo, PushKind, Value, aio::MultiplexedConnection, cmd};
use tokio::{
    sync::{
        mpsc::{UnboundedReceiver, unbounded_channel},
        watch,
    },
    task::AbortHandle,
    time::{sleep, timeout},
};

use crate::{
    failure::Failure,
    link::{Limits, open},
    listeners::{self, Listeners},
    waiters::Waiters,
};

/// Between attempts to connect, doubled from the first to the last.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(1));

/// The connection on which the server tells of changes. Made when somebody first waits or listens, and again when it was
/// lost; closed with the store.
pub(crate) struct Subscriber {
    client: Client,
    limits: Limits,
    changed: String,
    removed: String,
    hub: Arc<Hub>,
    task: Mutex<Option<AbortHandle>>,
}

/// Whom it tells.
pub(crate) struct Hub {
    pub(crate) waiters: Waiters,
    pub(crate) listeners: Listeners,
    subscribed: watch::Sender<bool>,
}

impl Subscriber {
    pub(crate) fn new(client: Client, limits: Limits, changed: &str, removed: &str) -> Self {
        let hub = Hub {
            waiters: Waiters::default(),
            listeners: Listeners::default(),
            subscribed: watch::Sender::new(false),
        };
        let (changed, removed) = (changed.to_owned(), removed.to_owned());
        Self { client, limits, changed, removed, hub: Arc::new(hub), task: Mutex::new(None) }
    }

    /// Whom it tells; from now on, if it did not until now.
    pub(crate) fn hub(&self) -> std::io::Result<&Arc<Hub>> {
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        if task.is_none() {
            let (client, limits, hub) = (self.client.clone(), self.limits, Arc::clone(&self.hub));
            let channels = Channels { changed: self.changed.clone(), removed: self.removed.clone() };
            *task = Some(
                io()?.spawn(async move { subscribe(&client, limits, &channels, &hub).await }).abort_handle(),
            );
        }
        Ok(&self.hub)
    }

    /// Where listeners are added before the connection is made.
    pub(crate) fn listeners(&self) -> &Listeners {
        &self.hub.listeners
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        let task = self.task.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = task.take() {
            task.abort();
        }
    }
}

impl Hub {
    /// Waits until changes are told.
    pub(crate) async fn subscribed(&self) {
        // The sender is ours, so it is not gone.
        let _ = self.subscribed.subscribe().wait_for(|subscribed| *subscribed).await;
    }

    /// What was missed meanwhile may be anything.
    fn found(&self) {
        self.subscribed.send_replace(true);
        self.waiters.wake_all();
        self.listeners.tell(Invalidation::All);
    }
}

struct Channels {
    changed: String,
    removed: String,
}

async fn subscribe(client: &Client, limits: Limits, channels: &Channels, hub: &Hub) {
    let (first, last) = PAUSES;
    let mut pause = first;
    loop {
        if let Ok((connection, pushes)) = connect(client, limits, channels).await {
            hub.found();
            hear(connection, pushes, limits, channels, hub).await;
            hub.subscribed.send_replace(false);
            pause = first;
        }
        sleep(pause).await;
        pause = (2 * pause).min(last);
    }
}

async fn connect(
    client: &Client,
    limits: Limits,
    channels: &Channels,
) -> Result<(MultiplexedConnection, UnboundedReceiver<PushInfo>), Failure> {
    let (tell, pushes) = unbounded_channel();
    let mut connection = open(client, limits, tell).await?;
    let both = [channels.changed.as_str(), channels.removed.as_str()];
    match timeout(limits.response, connection.subscribe(&both)).await {
        Ok(subscribed) => subscribed?,
        Err(_) => return Err(Failure::no_answer_within(limits.response)),
    }
    Ok((connection, pushes))
}

/// Ends when the connection does.
async fn hear(
    mut connection: MultiplexedConnection,
    mut pushes: UnboundedReceiver<PushInfo>,
    limits: Limits,
    channels: &Channels,
    hub: &Hub,
) {
    loop {
        match timeout(limits.silence, pushes.recv()).await {
            Ok(Some(PushInfo { kind: PushKind::Message, data })) => deliver(&data, channels, hub),
            Ok(Some(PushInfo { kind: PushKind::Disconnection, .. }) | None) => return,
            Ok(Some(_)) => {}
            Err(_) => {
                let ping = cmd("PING");
                let answer = timeout(limits.response, ping.query_async::<Value>(&mut connection)).await;
                if !matches!(answer, Ok(Ok(_))) {
                    return;
                }
            }
        }
    }
}

fn deliver(data: &[Value], channels: &Channels, hub: &Hub) {
    let [channel, message] = data else { return };
    let (Some(channel), Some(message)) = (text(channel), text(message)) else { return };
    if channel == channels.changed {
        hub.waiters.wake(message);
    } else if channel == channels.removed {
        hub.listeners.tell(listeners::heard(message));
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::BulkString(bytes) => std::str::from_utf8(bytes).ok(),
        Value::SimpleString(text) => Some(text),
        _ => None,
    }
}
