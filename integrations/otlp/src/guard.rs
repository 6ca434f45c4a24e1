use std::{fmt, sync::Arc, time::Duration};

use mainstay_runtime::{
    shutdown::{self, FlushHook, Telemetry},
    trace::{self, Flushed, TraceGuard, Tracer},
};

use crate::tally::Tally;

/// Keeps tracing set up. Dropping it sends what is left, for five seconds at most, and says in the log what was lost;
/// [`shutdown`](Self::shutdown) takes a deadline and gives the numbers.
#[must_use = "spans are sent until this is dropped"]
pub struct TracingGuard {
    running: Option<(TraceGuard, Kind)>,
    drop_deadline: Duration,
    /// Sends what is left at the end of a shutdown.
    at_shutdown: Option<FlushHook>,
}

/// What the spans went to.
pub(crate) enum Kind {
    Otlp(Arc<Tally>),
    Stdout,
    Nowhere,
}

/// What became of the spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Report {
    /// How many the collector has taken, or were printed.
    pub exported: u64,
    /// How many were lost: there was no room in the queue, the collector was away or did not want them, or the deadline was
    /// over.
    pub dropped: u64,
    /// How many of those the collector did not want.
    pub rejected: u64,
}

impl TracingGuard {
    pub(crate) fn new(guard: TraceGuard, kind: Kind, drop_deadline: Duration) -> Self {
        let at_shutdown = Some(shutdown::on_flush("spans", Telemetry::Traces, trace::flush));
        Self { running: Some((guard, kind)), drop_deadline, at_shutdown }
    }

    /// Where the environment has switched tracing off.
    pub(crate) fn off() -> Self {
        Self { running: None, drop_deadline: Duration::ZERO, at_shutdown: None }
    }

    /// Makes spans by hand, in the name of a part of the program. The same as [`trace::tracer`].
    pub fn tracer(&self, scope: &'static str) -> Tracer {
        trace::tracer(scope)
    }

    /// What has become of the spans that have ended so far. Those that wait count nowhere.
    pub fn counts(&self) -> Report {
        self.running.as_ref().map(|(guard, kind)| kind.report(guard.counts())).unwrap_or_default()
    }

    /// Sends what has ended so far, and waits for it until `deadline` from now at most. Whether all of it was tried in time.
    pub fn flush(&self, deadline: Duration) -> bool {
        self.running.as_ref().is_none_or(|(guard, _)| guard.flush(deadline))
    }

    /// Begins no more spans, sends those that have ended, and waits for it until `deadline` from now at most. What could not
    /// be sent by then is dropped and counted.
    pub fn shutdown(mut self, deadline: Duration) -> Report {
        self.end(deadline)
    }

    fn end(&mut self, deadline: Duration) -> Report {
        self.at_shutdown = None;
        let Some((guard, kind)) = self.running.take() else { return Report::default() };
        if let Kind::Otlp(tally) = &kind {
            tally.end_within(deadline);
        }
        kind.report(guard.shutdown(deadline))
    }
}

impl Kind {
    fn report(&self, flushed: Flushed) -> Report {
        let Flushed { exported, dropped, .. } = flushed;
        match self {
            // The pipeline counts whole batches; of a batch the collector may have taken a part.
            Self::Otlp(tally) => {
                let (delivered, rejected) = tally.counts();
                let dropped = exported.saturating_add(dropped).saturating_sub(delivered);
                Report { exported: delivered, dropped, rejected }
            }
            Self::Stdout => Report { exported, dropped, rejected: 0 },
            Self::Nowhere => Report::default(),
        }
    }
}

impl Drop for TracingGuard {
    fn drop(&mut self) {
        let Report { exported, dropped, rejected } = self.end(self.drop_deadline);
        if dropped > 0 {
            tracing::warn!(target: "mainstay", exported, dropped, rejected, "spans were lost");
        }
    }
}

impl fmt::Debug for TracingGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracingGuard").field("counts", &self.counts()).finish_non_exhaustive()
    }
}
