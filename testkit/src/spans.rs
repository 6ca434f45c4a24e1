use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use mainstay_runtime::trace::{
    self, ExportError, Flushed, Sampler, SpanData, SpanExporter, SpanRecord, TraceConfig, TraceGuard,
};

type Kept = Arc<Mutex<Vec<SpanRecord>>>;

/// Keeps the spans of this process, from its making until it is dropped.
///
/// There is one at a time: a second one waits for the first to be dropped. Spans of tests that run beside it are kept as well:
/// ask by names, and give each test names of its own.
///
/// ```
/// use mainstay_runtime::trace::tracer;
/// use mainstay_testkit::Spans;
///
/// let spans = Spans::record();
/// tracer("docs").span("outer").in_scope(|| tracer("docs").span("inner").in_scope(|| ()));
/// let (outer, inner) = (spans.one("outer"), spans.one("inner"));
/// assert_eq!(inner.parent, Some(outer.context.span_id));
/// ```
#[derive(Debug)]
pub struct Spans {
    kept: Kept,
    guard: Option<TraceGuard>,
    _alone: MutexGuard<'static, ()>,
}

/// Longer than any exporter of this kind takes.
const LONG: Duration = Duration::from_secs(30);

static ALONE: Mutex<()> = Mutex::new(());

impl Spans {
    /// Keeps all.
    ///
    /// # Panics
    /// Where an exporter is installed by other means.
    #[must_use = "spans are kept until it is dropped"]
    pub fn record() -> Self {
        Self::sampled(Sampler::default())
    }

    /// Keeps those that `sampler` takes.
    ///
    /// # Panics
    /// Where an exporter is installed by other means.
    #[must_use = "spans are kept until it is dropped"]
    pub fn sampled(sampler: Sampler) -> Self {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = Kept::default();
        let config = TraceConfig::new(Keep(Arc::clone(&kept))).sampler(sampler).queue_size(200_000);
        match trace::install(config) {
            Ok(guard) => Self { kept, guard: Some(guard), _alone: alone },
            Err(error) => crate::step::stop(&format!("{error}")),
        }
    }

    /// Makes sure that no spans are kept, until the guard is dropped.
    #[must_use = "spans may be kept again when it is dropped"]
    pub fn none() -> impl Sized {
        ALONE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that have ended so far.
    ///
    /// # Panics
    /// Where they do not arrive.
    pub fn ended(&self) -> Vec<SpanRecord> {
        if !self.guard.as_ref().is_some_and(|guard| guard.flush(LONG)) {
            crate::step::stop("the spans that have ended do not arrive");
        }
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Those of that name that have ended so far.
    pub fn named(&self, name: &str) -> Vec<SpanRecord> {
        let mut spans = self.ended();
        spans.retain(|span| span.name == name);
        spans
    }

    /// The one of that name.
    ///
    /// # Panics
    /// Where none of that name has ended, or more than one.
    pub fn one(&self, name: &str) -> SpanRecord {
        let mut spans = self.named(name);
        match (spans.pop(), spans.len()) {
            (Some(span), 0) => span,
            (_, more) => crate::step::stop(&format!(
                "one span called {name:?} was expected, and there are {}",
                if more == 0 { 0 } else { more + 1 }
            )),
        }
    }

    /// Ends it, and tells what was kept and lost.
    pub fn shutdown(mut self) -> Flushed {
        self.guard.take().map(|guard| guard.shutdown(LONG)).unwrap_or_default()
    }
}

struct Keep(Kept);

impl SpanExporter for Keep {
    fn export(&mut self, batch: &mut Vec<SpanData>) -> Result<(), ExportError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(batch.iter().map(|span| (**span).clone()));
        Ok(())
    }
}
