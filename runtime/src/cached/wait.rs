use std::{
    future::Future,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
};

use super::{
    CacheKey, CacheValue, Lead, Sharing,
    entry::{Outcome, Stored},
    flight::{Flight, Found},
    shared::{Shared, Step},
};
use crate::{
    Error, Name, clock,
    deadline::{self, Until},
    glue::Flow,
};

/// Waits for what another caller loads, or until it is this one's turn to load. Dropped, it gives its turn to the next.
pub(super) struct Wait<K: CacheKey<Owned = K> + Clone + Send + Sync + 'static, V: CacheValue> {
    shared: Arc<Shared<K, V>>,
    flight: Arc<Flight<K, V>>,
    ticket: u64,
    is_over: bool,
}

/// What a wait comes to.
pub(super) enum Waited<K: CacheKey<Owned = K> + Clone + Send + Sync + 'static, V: CacheValue> {
    Done(Arc<Outcome<V>>),
    Lead(Lead<K, V>),
}

/// How a call goes on, once that is known.
pub enum Turn<K: CacheKey<Owned = K> + Clone + Send + Sync + 'static, V: CacheValue, E> {
    /// This is its answer, and what is known of it.
    Answer(Result<V, E>, Flow),
    /// This is its answer, and it is for this call to see to a new one.
    Stale(V, Lead<K, V>),
    /// It is for this call to load.
    Lead(Lead<K, V>),
}

impl<K: CacheKey<Owned = K> + Clone + Send + Sync + 'static, V: CacheValue> Wait<K, V> {
    pub(super) fn new(shared: Arc<Shared<K, V>>, flight: Arc<Flight<K, V>>, ticket: u64) -> Self {
        Self { shared, flight, ticket, is_over: false }
    }
}

impl<K: CacheKey<Owned = K> + Clone + Send + Sync + 'static, V: CacheValue> Future for Wait<K, V> {
    type Output = Waited<K, V>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.is_over {
            return Poll::Pending;
        }
        let waited = match self.flight.look(self.ticket, cx.waker()) {
            Found::Nothing => return Poll::Pending,
            Found::Done(outcome) => Waited::Done(outcome),
            Found::Lead => Waited::Lead(Lead::new(Arc::clone(&self.shared), Arc::clone(&self.flight))),
        };
        self.is_over = true;
        Poll::Ready(waited)
    }
}

impl<K: CacheKey<Owned = K> + Clone + Send + Sync + 'static, V: CacheValue> Drop for Wait<K, V> {
    fn drop(&mut self) {
        if !self.is_over && self.flight.leave(self.ticket) {
            self.shared.abandon(&self.flight);
        }
    }
}

/// The beginning of a call that found nothing fresh: how it goes on, or what it has to wait for.
pub enum Begun<K: CacheKey<Owned = K> + Clone + Send + Sync + 'static, V: CacheValue, E> {
    /// How it goes on.
    Turn(Turn<K, V, E>),
    /// Somebody else loads.
    Wait(Waiting<K, V, E>),
}

/// A call that has to wait.
pub struct Waiting<K: CacheKey<Owned = K> + Clone + Send + Sync + 'static, V: CacheValue, E> {
    wait: Wait<K, V>,
    sharing: Option<Sharing<E>>,
}

impl<K: CacheKey<Owned = K> + Clone + Send + Sync + 'static, V: CacheValue, E> Waiting<K, V, E> {
    /// Waits. Cancel-safe: dropped, it gives its turn to the next. Boxed, because few calls wait, and the futures of all would
    /// have room for it.
    pub fn turn(self) -> Pin<Box<impl Future<Output = Turn<K, V, E>>>> {
        Box::pin(self.wait())
    }

    /// The same, to the deadline around at most that nobody enforces: then `refusing` makes the answer. Without it there is
    /// none, and the wait goes on.
    pub fn turn_in_time(
        self,
        refusing: Option<impl FnOnce(Error) -> E>,
    ) -> Pin<Box<impl Future<Output = Turn<K, V, E>>>> {
        Box::pin(async move {
            let name = self.wait.shared.name.clone();
            let turn = pin!(self.wait());
            if let Some(refusing) = refusing {
                let turn = Until::new(turn, deadline::unenforced()).await;
                return turn.unwrap_or_else(|| late(&name, refusing));
            }
            turn.await
        })
    }

    /// The same, parking this thread: to the first deadline around at most.
    pub fn turn_blocking(self, mut refusing: Option<impl FnOnce(Error) -> E>) -> Turn<K, V, E> {
        let name = self.wait.shared.name.clone();
        let end = refusing.as_ref().and_then(|_| deadline::end_of_blocked(None));
        let mut turn = self.turn();
        loop {
            match (clock::block_on(turn.as_mut(), end), refusing.take()) {
                (Some(turn), _) => return turn,
                (None, Some(refusing)) => return late(&name, refusing),
                // A wait without an end is never told of one.
                (None, None) => {}
            }
        }
    }

    async fn wait(self) -> Turn<K, V, E> {
        let Self { mut wait, sharing } = self;
        loop {
            let (shared, flight) = (Arc::clone(&wait.shared), Arc::clone(&wait.flight));
            match wait.await {
                Waited::Lead(lead) => return Turn::Lead(lead),
                Waited::Done(outcome) => {
                    if let Some(answer) = read(outcome.stored.clone(), sharing) {
                        return Turn::Answer(answer, outcome.flow);
                    }
                }
            }
            match begin(&shared, &flight.key, sharing) {
                Begun::Turn(turn) => return turn,
                Begun::Wait(next) => wait = next.wait,
            }
        }
    }
}

/// The turn of a call whose time is over: it is refused.
#[cold]
fn late<K, V, E>(name: &Name, refusing: impl FnOnce(Error) -> E) -> Turn<K, V, E>
where
    K: CacheKey<Owned = K> + Clone + Send + Sync + 'static,
    V: CacheValue,
{
    let error = deadline::exceeded(name);
    let flow = Flow::refused(&error);
    Turn::Answer(Err(refusing(error)), flow)
}

/// The answer that something stored is; `None` for an error of another type than the caller's.
#[inline]
pub(super) fn read<V, E>(stored: Stored<V>, sharing: Option<Sharing<E>>) -> Option<Result<V, E>> {
    match stored {
        Stored::Value(value) | Stored::Absent(value) => Some(Ok(value)),
        Stored::Error(failure) => sharing.and_then(|sharing| sharing.read(&failure)).map(Err),
    }
}

/// Begins a call that found nothing fresh.
pub(super) fn begin<Q, V, E>(
    shared: &Arc<Shared<Q::Owned, V>>,
    key: &Q,
    sharing: Option<Sharing<E>>,
) -> Begun<Q::Owned, V, E>
where
    Q: CacheKey + ?Sized,
    V: CacheValue,
{
    let reads = |failure: &_| sharing.is_some_and(|sharing| sharing.read(failure).is_some());
    loop {
        return Begun::Turn(match shared.begin(key, reads) {
            Step::Found(stored) => match read(stored, sharing) {
                Some(answer) => Turn::Answer(answer, Flow::RAN),
                // Only what can be read is found.
                None => continue,
            },
            Step::Stale(value, None) => Turn::Answer(Ok(value), Flow::RAN),
            Step::Stale(value, Some(lead)) => Turn::Stale(value, lead),
            Step::Lead(lead) => Turn::Lead(lead),
            Step::Wait(wait) => return Begun::Wait(Waiting { wait, sharing }),
        });
    }
}
