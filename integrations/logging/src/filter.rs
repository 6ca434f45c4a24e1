use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use tracing::{
    Event, Metadata, Subscriber,
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
    subscriber::Interest,
};
use tracing_subscriber::{
    EnvFilter,
    layer::{Context, Filter},
};

use crate::{LoggingError, level::Level, origin};

/// The target of what a `ServiceLogger` logs.
pub(crate) const SERVICE: &str = "service";
/// The target of what a `SystemReporter` reports.
pub(crate) const REPORTER: &str = "reporter";
/// Events of loggers that may have a level of their own.
pub(crate) const OWN_TARGETS: [&str; 2] = [SERVICE, REPORTER];

/// What is logged now. It can be changed while the program runs.
#[derive(Debug)]
pub(crate) struct Switch {
    state: RwLock<(Level, EnvFilter)>,
    /// How many loggers decide for themselves down to `debug`.
    deciders: AtomicUsize,
}

impl Switch {
    pub(crate) fn new(level: Level) -> Arc<Self> {
        let filter = level.filter();
        Arc::new(Self { state: RwLock::new((level, filter)), deciders: AtomicUsize::new(0) })
    }

    pub(crate) fn set(&self, text: &str) -> Result<(), LoggingError> {
        let level = Level::parse("level", text)?;
        let filter = level.filter();
        let before = {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *state, (level, filter))
        };
        drop(before);
        tracing::callsite::rebuild_interest_cache();
        Ok(())
    }

    pub(crate) fn level(&self) -> String {
        self.with(|(level, _)| level.as_str().into())
    }

    pub(crate) fn add_decider(&self) {
        self.deciders.fetch_add(1, Relaxed);
        tracing::callsite::rebuild_interest_cache();
    }

    pub(crate) fn remove_decider(&self) {
        self.deciders.fetch_sub(1, Relaxed);
        tracing::callsite::rebuild_interest_cache();
    }

    fn with<T>(&self, read: impl FnOnce(&(Level, EnvFilter)) -> T) -> T {
        read(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn may_be_decided(&self, meta: &Metadata<'_>) -> bool {
        self.deciders.load(Relaxed) > 0 && meta.is_event() && OWN_TARGETS.contains(&meta.target())
    }
}

/// The same for a layer.
#[derive(Debug, Clone)]
pub(crate) struct Switched(pub(crate) Arc<Switch>);

impl<S: Subscriber> Filter<S> for Switched {
    fn enabled(&self, meta: &Metadata<'_>, cx: &Context<'_, S>) -> bool {
        if self.0.may_be_decided(meta) && origin::is_decided() {
            return true;
        }
        self.0.with(|(_, filter)| Filter::<S>::enabled(filter, meta, cx))
    }

    fn callsite_enabled(&self, meta: &'static Metadata<'static>) -> Interest {
        if self.0.may_be_decided(meta) {
            return Interest::sometimes();
        }
        self.0.with(|(_, filter)| Filter::<S>::callsite_enabled(filter, meta))
    }

    fn event_enabled(&self, event: &Event<'_>, cx: &Context<'_, S>) -> bool {
        self.0.with(|(_, filter)| Filter::<S>::event_enabled(filter, event, cx))
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        let hint = self.0.with(|(_, filter)| Filter::<S>::max_level_hint(filter));
        match self.0.deciders.load(Relaxed) {
            0 => hint,
            _ => hint.map(|hint| hint.max(LevelFilter::DEBUG)),
        }
    }

    fn on_new_span(&self, attrs: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        self.0.with(|(_, filter)| Filter::<S>::on_new_span(filter, attrs, id, cx));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, cx: Context<'_, S>) {
        self.0.with(|(_, filter)| Filter::<S>::on_record(filter, id, values, cx));
    }

    fn on_enter(&self, id: &Id, cx: Context<'_, S>) {
        self.0.with(|(_, filter)| Filter::<S>::on_enter(filter, id, cx));
    }

    fn on_exit(&self, id: &Id, cx: Context<'_, S>) {
        self.0.with(|(_, filter)| Filter::<S>::on_exit(filter, id, cx));
    }

    fn on_close(&self, id: Id, cx: Context<'_, S>) {
        self.0.with(|(_, filter)| Filter::<S>::on_close(filter, id, cx));
    }
}
