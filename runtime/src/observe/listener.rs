use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use super::Event;
use crate::{Error, trace};

type Listener = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

static COUNT: AtomicUsize = AtomicUsize::new(0);
static NEXT_ID: AtomicU64 = AtomicU64::new(0);
static LISTENERS: RwLock<Vec<(u64, Listener)>> = RwLock::new(Vec::new());

/// Calls `listener` with every event of every policy until the subscription is dropped.
///
/// It is called on the thread on which the event happens and under no lock, so it may use the policies; it should be
/// quick. A panic in it is caught and logged.
///
/// ```
/// use mainstay_runtime::observe::{self, Event};
///
/// let subscription = observe::listen(|event| {
///     if let Event::StateChanged { policy, to, .. } = event {
///         println!("{policy} is now {to}");
///     }
/// });
/// drop(subscription); // hears no more
/// ```
pub fn listen(listener: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Subscription {
    let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
    LISTENERS.write().unwrap_or_else(PoisonError::into_inner).push((id, Arc::new(listener)));
    COUNT.fetch_add(1, Ordering::Release);
    Subscription { id }
}

/// A listener's place; dropping it ends the listening.
#[must_use = "the listener is removed when this is dropped"]
pub struct Subscription {
    id: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut listeners = LISTENERS.write().unwrap_or_else(PoisonError::into_inner);
        listeners.retain(|(id, _)| *id != self.id);
        COUNT.fetch_sub(1, Ordering::Release);
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("id", &self.id).finish()
    }
}

/// Logs an event, notes it on the current span and hands it to the listeners.
#[inline]
pub(crate) fn report(event: &Event<'_>) {
    event.log();
    if trace::listens() {
        trace::note(event);
    }
    if COUNT.load(Ordering::Acquire) > 0 {
        tell(event);
    }
}

/// Whether a subscriber, a listener or the current span hears of an event of the level `debug`.
#[inline(always)]
fn is_heard() -> bool {
    tracing::level_enabled!(tracing::Level::DEBUG) || COUNT.load(Ordering::Acquire) > 0 || trace::listens()
}

/// Reports an event of the level `debug` that is made only if a subscriber or a listener hears of it.
#[inline(always)]
pub(crate) fn report_if_heard<'a>(event: impl FnOnce() -> Event<'a>) {
    if is_heard() {
        report_event_made(event);
    }
}

#[cold]
#[inline(never)]
fn report_event_made<'a>(event: impl FnOnce() -> Event<'a>) {
    report(&event());
}

/// Reports [`Event::Refused`] with an error that is made only if a subscriber or a listener hears of it.
#[inline(always)]
pub(crate) fn report_refusal(error: impl FnOnce() -> Error) {
    if is_heard() {
        report_made(error);
    }
}

/// Apart, so that little stands where nobody listens.
#[cold]
#[inline(never)]
fn report_made(error: impl FnOnce() -> Error) {
    report(&Event::Refused { error: &error() });
}

#[cold]
fn tell(event: &Event<'_>) {
    let listeners: Vec<Listener> = {
        let listeners = LISTENERS.read().unwrap_or_else(PoisonError::into_inner);
        listeners.iter().map(|(_, listener)| Arc::clone(listener)).collect()
    };
    for listener in listeners {
        if catch_unwind(AssertUnwindSafe(|| listener(event))).is_err() {
            tracing::error!(target: "mainstay", policy = event.policy(), "a listener panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_listener_hears_until_its_subscription_is_dropped_and_may_panic() {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let panicking = listen(|event| assert_ne!(event.policy(), "observe.test"));
        let subscription = listen({
            let heard = Arc::clone(&heard);
            move |event| {
                if event.policy() == "observe.test" {
                    heard.lock().unwrap().push(format!("{event:?}"));
                }
            }
        });
        report(&Event::FellBack { policy: "observe.test" });
        drop(subscription);
        drop(panicking);
        report(&Event::FellBack { policy: "observe.test" });
        assert_eq!(heard.lock().unwrap().len(), 1);
    }
}
