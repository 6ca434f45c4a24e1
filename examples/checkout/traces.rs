//! Where the spans go here: the trace of the slowest order is kept, and shown at the end. `mainstay::otlp` sends them to a
//! collector instead.

use std::{
    collections::HashMap,
    fmt::Write,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use mainstay::trace::{
    self, ExportError, InstallError, SpanData, SpanExporter, SpanId, SpanRecord, TraceConfig, TraceGuard,
    TraceId,
};

/// So many traces wait for their last span; customers do not end orders later than this.
const OPEN: usize = 10_000;

/// What the exporter has made of the spans.
#[derive(Debug, Default)]
pub struct Slowest(Mutex<Vec<SpanRecord>>);

#[derive(Debug)]
struct Keep {
    open: HashMap<TraceId, Vec<SpanRecord>>,
    slowest: Arc<Slowest>,
}

/// Records spans until the guard says that it is over.
pub fn record() -> Result<(TraceGuard, Arc<Slowest>), InstallError> {
    let slowest = Arc::<Slowest>::default();
    let keep = Keep { open: HashMap::new(), slowest: Arc::clone(&slowest) };
    Ok((trace::install(TraceConfig::new(keep))?, slowest))
}

impl SpanExporter for Keep {
    fn export(&mut self, batch: &mut Vec<SpanData>) -> Result<(), ExportError> {
        for span in batch.iter() {
            let trace = span.context.trace_id;
            self.open.entry(trace).or_default().push(SpanRecord::clone(span));
            // A span without a parent is the first of its trace, and the last to end.
            if span.parent.is_none()
                && let Some(spans) = self.open.remove(&trace)
            {
                self.slowest.offer(spans);
            }
        }
        if self.open.len() > OPEN {
            self.open.clear();
        }
        Ok(())
    }
}

fn length(span: &SpanRecord) -> Duration {
    Duration::from_nanos(span.end.saturating_sub(span.start))
}

impl Slowest {
    fn offer(&self, spans: Vec<SpanRecord>) {
        let whole = |spans: &[SpanRecord]| spans.last().map_or(Duration::ZERO, length);
        let mut kept = self.kept();
        if whole(&spans) > whole(&kept) {
            *kept = spans;
        }
    }

    fn kept(&self) -> MutexGuard<'_, Vec<SpanRecord>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The spans as a tree, with what happened in each.
    pub fn tree(&self) -> String {
        let mut tree = String::new();
        let spans = self.kept();
        branches(&mut tree, &spans, None, 0);
        tree
    }
}

fn branches(tree: &mut String, spans: &[SpanRecord], parent: Option<SpanId>, depth: usize) {
    let mut children: Vec<_> = spans.iter().filter(|span| span.parent == parent).collect();
    children.sort_by_key(|span| span.start);
    let Some(begun) = spans.last().map(|root| root.start) else { return };
    for span in children {
        let indent = 2 * depth + 2;
        let micros = length(span).as_micros();
        let attributes: Vec<_> = span
            .attributes
            .iter()
            .map(|attribute| format!("{}={}", attribute.key, attribute.value))
            .collect();
        // Writing to a text never fails.
        let _ = writeln!(tree, "{micros:>9} µs {:indent$}{}  {}", "", span.name, attributes.join(" "));
        for event in &span.events {
            let after = Duration::from_nanos(event.time.saturating_sub(begun)).as_millis();
            let attributes: Vec<_> =
                event.attributes.iter().map(|one| format!("{}={}", one.key, one.value)).collect();
            let _ = writeln!(
                tree,
                "{:>12} {:indent$}  · after {after} ms: {} {}",
                "",
                "",
                event.name,
                attributes.join(" ")
            );
        }
        branches(tree, spans, Some(span.context.span_id), depth + 1);
    }
}
