use std::{
    error::Error as StdError,
    fmt,
    sync::{
        OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use super::{
    SpanData, TraceConfig,
    desk::Desk,
    sampler,
    shards::{Pushed, Shards},
    state, worker,
};
use crate::{observe::seat, sync::Mutex};

/// Everything between the spans of this process and their exporter.
pub(super) struct Pipeline {
    pub(super) shards: Shards<SpanData>,
    pub(super) desk: Desk,
    /// Spans that there was no room for, or that ended too late.
    refused: AtomicU64,
    pool: Mutex<Vec<SpanData>>,
}

static PIPELINE: OnceLock<Pipeline> = OnceLock::new();

/// How many records are kept for use again.
const POOLED: usize = 4096;

/// Sends the spans of this process to an exporter from now on, until the guard is shut down or dropped. Keep it until the end
/// of `main`: what has not been sent by then is sent as it goes.
///
/// # Errors
///
/// There is one already, or its exporter has not come back after its shutdown; or no thread can be had.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::trace::{self, ExportError, Sampler, SpanData, SpanExporter, TraceConfig};
///
/// struct Print;
/// impl SpanExporter for Print {
///     fn export(&mut self, batch: &mut Vec<SpanData>) -> Result<(), ExportError> {
///         for span in batch {
///             println!("{} took {} ns", span.name, span.end - span.start);
///         }
///         Ok(())
///     }
/// }
///
/// let tracing = trace::install(TraceConfig::new(Print).sampler(Sampler::default()))?;
/// trace::tracer("orders").span("place").in_scope(|| { /* … */ });
/// let flushed = tracing.shutdown(Duration::from_secs(5));
/// assert_eq!((flushed.exported, flushed.dropped), (1, 0));
/// # Ok::<(), trace::InstallError>(())
/// ```
pub fn install(config: TraceConfig) -> Result<TraceGuard, InstallError> {
    let pipeline = PIPELINE.get_or_init(|| Pipeline {
        shards: Shards::new(seat::count()),
        desk: Desk::default(),
        refused: AtomicU64::new(0),
        pool: Mutex::new(Vec::new()),
    });
    if !pipeline.desk.begin() {
        return Err(InstallError::AlreadyInstalled);
    }
    pipeline.refused.store(0, Ordering::Relaxed);
    pipeline.shards.open(config.queue(), config.batch());
    pipeline.desk.batch(config.batch());
    let (sampler, propagators) = (config.in_force(), config.propagators);
    let thread = std::thread::Builder::new().name("mainstay-traces".into());
    if let Err(error) = thread.spawn(move || worker::run(pipeline, config)) {
        pipeline.shards.close();
        pipeline.desk.ended();
        return Err(InstallError::NoThread(error));
    }
    sampler::put_in_force(sampler);
    if let Some(propagators) = propagators {
        propagators.put_in_force();
    }
    state::turn(true);
    Ok(TraceGuard { pipeline, is_down: false })
}

/// Takes a span that has ended.
#[inline]
pub(super) fn finish(data: SpanData) {
    let Some(pipeline) = PIPELINE.get() else { return };
    match pipeline.shards.push(seat::seat(), data) {
        Pushed::Kept => {}
        pushed => pipeline.look(pushed),
    }
}

/// Gives some records for spans to come to `keep`.
#[cold]
pub(super) fn take_spare(most: usize, keep: impl FnMut(SpanData)) {
    if let Some(pipeline) = PIPELINE.get() {
        let mut pool = pipeline.pool.lock().unwrap_or_else(PoisonError::into_inner);
        let from = pool.len().saturating_sub(most);
        pool.drain(from..).for_each(keep);
    }
}

impl Pipeline {
    #[cold]
    fn look(&self, pushed: Pushed<SpanData>) {
        // Whoever gets no shard of its own asks for a seat now.
        seat::ask();
        match pushed {
            Pushed::Kept => {}
            Pushed::Used(used) => self.desk.used(used),
            Pushed::Refused(_) => {
                self.refused.fetch_add(1, Ordering::Relaxed);
                self.desk.used(u64::MAX);
            }
        }
    }

    /// Keeps washed records for use again.
    pub(super) fn keep(&self, washed: &mut Vec<SpanData>) {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        let room = POOLED.saturating_sub(pool.len());
        pool.extend(washed.drain(..).take(room));
    }

    fn flushed(&self) -> Flushed {
        let (exported, failed) = self.desk.counts();
        Flushed { exported, dropped: failed + self.refused.load(Ordering::Relaxed) }
    }
}

/// What has become of the spans since the exporter was installed; `None` if none ever was.
pub fn counts() -> Option<Flushed> {
    PIPELINE.get().map(Pipeline::flushed)
}

/// Sends what has ended so far, and waits for it until `deadline` from now at most. Whether all of it went in time; yes, where no
/// exporter was ever installed.
pub fn flush(deadline: Duration) -> bool {
    PIPELINE.get().is_none_or(|pipeline| pipeline.desk.flush(deadline))
}

/// What became of the spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Flushed {
    /// How many the exporter has taken.
    pub exported: u64,
    /// How many were lost: there was no room in the queue, the exporter failed, or the deadline was over.
    pub dropped: u64,
}

/// Keeps an exporter installed; see [`install`].
#[must_use = "spans are sent until this is dropped"]
pub struct TraceGuard {
    pipeline: &'static Pipeline,
    is_down: bool,
}

/// How long a guard that is dropped waits for the exporter.
const AT_DROP: Duration = Duration::from_secs(5);

impl TraceGuard {
    /// Sends what has ended so far, and waits for it until `deadline` from now at most. Whether all of it went in time.
    pub fn flush(&self, deadline: Duration) -> bool {
        self.pipeline.desk.flush(deadline)
    }

    /// What has become of the spans so far.
    pub fn counts(&self) -> Flushed {
        self.pipeline.flushed()
    }

    /// Begins no more spans, sends those that have ended, and waits for it until `deadline` from now at most. What could not be
    /// sent by then is dropped.
    pub fn shutdown(mut self, deadline: Duration) -> Flushed {
        self.end(deadline)
    }

    fn end(&mut self, deadline: Duration) -> Flushed {
        self.is_down = true;
        state::turn(false);
        if self.pipeline.desk.end(deadline) {
            return self.pipeline.flushed();
        }
        self.pipeline.shards.close();
        let mut flushed = self.pipeline.flushed();
        flushed.dropped += self.pipeline.shards.used();
        flushed
    }
}

impl Drop for TraceGuard {
    fn drop(&mut self) {
        if !self.is_down {
            let Flushed { exported, dropped } = self.end(AT_DROP);
            if dropped > 0 {
                tracing::warn!(target: "mainstay", exported, dropped, "spans were lost");
            }
        }
    }
}

impl fmt::Debug for TraceGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceGuard").field("counts", &self.counts()).finish()
    }
}

/// Why no exporter was installed.
#[non_exhaustive]
pub enum InstallError {
    /// Another one is: shut it down first. Or it is down, and its exporter has not come back yet.
    AlreadyInstalled,
    /// No thread can be had for it.
    NoThread(std::io::Error),
}

/// As [`Display`](fmt::Display): a `main` that returns it, and an `unwrap`, print this.
impl fmt::Debug for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyInstalled => {
                f.write_str("an exporter of spans is installed already: shut it down before the next one")
            }
            Self::NoThread(_) => f.write_str("no thread can be had for the exporter of spans"),
        }
    }
}

impl StdError for InstallError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::AlreadyInstalled => None,
            Self::NoThread(error) => Some(error),
        }
    }
}
