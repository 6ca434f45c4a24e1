use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant, SystemTime},
};

use mainstay_runtime::clock;
use tracing::Level;

use crate::{
    filter::Switch,
    format::Format,
    output::{Full, Queue},
    record::{Field, Record, Value},
    redact::Redactor,
    sampling::{Repeated, Sampling},
};

/// What all parts of one logging share.
pub(crate) struct Core {
    pub(crate) service: String,
    pub(crate) environment: String,
    pub(crate) redactor: Redactor,
    pub(crate) sampling: Option<Sampling>,
    pub(crate) switch: Arc<Switch>,
    pub(crate) full: Full,
    sinks: RwLock<Arc<[Sink]>>,
}

/// One place and how lines are written there.
#[derive(Clone)]
pub(crate) struct Sink {
    pub(crate) format: Arc<dyn Format>,
    pub(crate) queue: Queue,
    /// The one place that a reporter's verbosity speaks of.
    pub(crate) is_console: bool,
    /// A place for the lines of one reporter.
    pub(crate) reporter: Option<u64>,
}

impl Core {
    pub(crate) fn new(
        (service, environment): (String, String),
        redactor: Redactor,
        sampling: Option<Sampling>,
        switch: Arc<Switch>,
        full: Full,
    ) -> Self {
        Self { service, environment, redactor, sampling, switch, full, sinks: RwLock::new([].into()) }
    }

    pub(crate) fn add(&self, sink: Sink) {
        let mut sinks = self.sinks.write().unwrap_or_else(PoisonError::into_inner);
        *sinks = sinks.iter().cloned().chain([sink]).collect();
    }

    pub(crate) fn remove(&self, reporter: u64) -> Option<Sink> {
        let mut sinks = self.sinks.write().unwrap_or_else(PoisonError::into_inner);
        let removed = sinks.iter().find(|sink| sink.reporter == Some(reporter)).cloned();
        *sinks = sinks.iter().filter(|sink| sink.reporter != Some(reporter)).cloned().collect();
        removed
    }

    pub(crate) fn sinks(&self) -> Arc<[Sink]> {
        Arc::clone(&self.sinks.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes a record to all places that it is for. `reporter` wrote it and wants it on the console or not.
    pub(crate) fn write(&self, record: &Record<'_>, reporter: Option<(u64, bool)>, full: Full) {
        for sink in &*self.sinks() {
            let is_wanted = match (sink.reporter, reporter) {
                (Some(own), Some((reporter, _))) => own == reporter,
                (Some(_), None) => false,
                (None, Some((_, on_console))) => on_console || !sink.is_console,
                (None, None) => true,
            };
            if is_wanted {
                sink.write(record, full);
            }
        }
    }

    /// Writes how often lines were repeated in the intervals that are over.
    pub(crate) fn report_repeated(&self, now: clock::Instant) {
        let Some(sampling) = self.sampling.as_ref().filter(|sampling| sampling.is_due(now)) else { return };
        for Repeated { times, level, target, message } in sampling.take_due(now) {
            let message = format!("{message} … repeated {times} times");
            let fields = [Field::new("repeated", Value::Uint(times))];
            // May be on the thread that writes: it must not wait for itself.
            self.write(
                &Record { target: &target, fields: &fields, ..self.record(level, &message) },
                None,
                Full::Lose,
            );
        }
    }

    pub(crate) fn record<'r>(&'r self, level: Level, message: &'r str) -> Record<'r> {
        Record {
            time: SystemTime::now(),
            level,
            is_success: false,
            service: &self.service,
            environment: &self.environment,
            target: "mainstay::logging",
            message,
            fields: &[],
            spans: &[],
            context: None,
            span: None,
            place: None,
        }
    }

    pub(crate) fn flush(&self, within: Duration) -> bool {
        self.report_repeated(clock::Instant::NEVER);
        let deadline = Instant::now() + within;
        // Each gets the time that is left, and all are asked.
        self.sinks().iter().filter(|sink| !sink.queue.flush(deadline)).count() == 0
    }

    pub(crate) fn close(&self, within: Duration) {
        self.report_repeated(clock::Instant::NEVER);
        let deadline = Instant::now() + within;
        for sink in &*self.sinks() {
            sink.queue.close(deadline);
        }
    }
}

impl Sink {
    pub(crate) fn write(&self, record: &Record<'_>, full: Full) {
        let mut line = String::with_capacity(256);
        // A format of the user's may panic.
        if catch_unwind(AssertUnwindSafe(|| self.format.write(record, &mut line))).is_ok() && !line.is_empty()
        {
            self.queue.push(&line, record.level <= Level::WARN, full);
        }
    }
}

/// How a place tells that lines were lost.
pub(crate) fn lost_line(format: &dyn Format, service: &str, environment: &str, lost: u64) -> String {
    let message = format!("{lost} log lines were lost: the queue was full, or they could not be written");
    let fields = [Field::new("lost", Value::Uint(lost))];
    let record = Record {
        time: SystemTime::now(),
        level: Level::WARN,
        is_success: false,
        service,
        environment,
        target: "mainstay::logging",
        message: &message,
        fields: &fields,
        spans: &[],
        context: None,
        span: None,
        place: None,
    };
    let mut line = String::new();
    let _ = catch_unwind(AssertUnwindSafe(|| format.write(&record, &mut line)));
    line
}
