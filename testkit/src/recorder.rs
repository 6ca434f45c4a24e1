use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mainstay_runtime::observe::{Event, Subscription, listen};

type Log = Vec<(String, String)>;

/// Writes down what the policies report, from its making until it is dropped.
///
/// Policies of the whole program are heard, other tests' too: ask by the policy's name, and give each test names of its
/// own.
///
/// ```
/// use mainstay_runtime::bulkhead::Bulkhead;
/// use mainstay_testkit::Recorder;
///
/// let recorder = Recorder::listen();
/// let bulkhead = Bulkhead::builder(1).build("docs.recorder")?;
/// let _inside = bulkhead.try_enter().unwrap();
/// bulkhead.try_enter().unwrap_err();
/// assert_eq!(recorder.events("docs.recorder"), ["refused: bulkhead_full"]);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
///
/// | event | text |
/// |---|---|
/// | a breaker changed state | `state: closed -> open` |
/// | an attempt failed and is followed by another | `retry: attempt 1 failed, next in 100ms` |
/// | the last permitted attempt failed | `retries exhausted: 3 attempts` |
/// | a refusal or a time-out | `refused: ` and the [kind](mainstay_runtime::Kind) |
/// | a fallback answered | `fell back` |
#[derive(Debug)]
pub struct Recorder {
    log: Arc<Mutex<Log>>,
    _subscription: Subscription,
}

impl Recorder {
    /// Starts to listen.
    #[must_use = "it listens until it is dropped"]
    pub fn listen() -> Self {
        let log = Arc::<Mutex<Log>>::default();
        let _subscription = listen({
            let log = Arc::clone(&log);
            move |event| locked(&log).push((event.policy().to_owned(), render(event)))
        });
        Self { log, _subscription }
    }

    /// What the policy of that name reported, in order.
    pub fn events(&self, policy: &str) -> Vec<String> {
        locked(&self.log).iter().filter(|(name, _)| name == policy).map(|(_, text)| text.clone()).collect()
    }

    /// What all policies reported, with their names, in order.
    pub fn all(&self) -> Vec<(String, String)> {
        locked(&self.log).clone()
    }

    /// Forgets what was written down.
    pub fn clear(&self) {
        locked(&self.log).clear();
    }
}

fn locked(log: &Mutex<Log>) -> MutexGuard<'_, Log> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}

fn render(event: &Event<'_>) -> String {
    match event {
        Event::StateChanged { from, to, .. } => format!("state: {from} -> {to}"),
        Event::Retry { attempt, delay, .. } => format!("retry: attempt {attempt} failed, next in {delay:?}"),
        Event::RetriesExhausted { attempts, .. } => format!("retries exhausted: {attempts} attempts"),
        Event::Refused { error, .. } => format!("refused: {}", error.kind()),
        Event::FellBack { .. } => "fell back".to_owned(),
        Event::Ordered { order, by, .. } => format!("ordered: {order} by {by}"),
        Event::Overridden { option, old, new, .. } => format!("overridden: {option} {old} -> {new}"),
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use mainstay_runtime::bulkhead::Bulkhead;

    use super::*;

    #[test]
    fn events_are_kept_by_policy_until_the_recorder_is_gone() {
        let recorder = Recorder::listen();
        let (one, other) = (Bulkhead::builder(1).build("rec.one"), Bulkhead::builder(1).build("rec.other"));
        let (one, other) = (one.unwrap(), other.unwrap());
        let _inside = (one.try_enter().unwrap(), other.try_enter().unwrap());
        assert!(one.try_enter().is_err() && other.try_enter().is_err() && one.try_enter().is_err());
        assert_eq!(recorder.events("rec.one"), ["refused: bulkhead_full"; 2]);
        assert_eq!(recorder.events("rec.other").len(), 1);
        assert!(recorder.all().contains(&("rec.other".into(), "refused: bulkhead_full".into())));
        recorder.clear();
        assert_eq!(recorder.events("rec.one"), [""; 0]);
        let log = Arc::clone(&recorder.log);
        drop(recorder);
        assert!(one.try_enter().is_err());
        assert!(!locked(&log).iter().any(|(policy, _)| policy == "rec.one"));
    }
}
