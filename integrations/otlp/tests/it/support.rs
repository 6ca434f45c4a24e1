use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use mainstay_otlp::{Exporter, Report, TracingConfig, TracingGuard, setup_tracing};
use mainstay_runtime::trace::{Tracer, tracer};

use crate::collector::{Collector, Speaks};

/// No test waits so long, unless it hangs.
pub(crate) const LONG: Duration = Duration::from_secs(120);

/// A process has one pipeline: its tests take turns.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tracing to that collector, by nothing but that.
pub(crate) fn config(collector: &Collector) -> TracingConfig {
    TracingConfig::new("orders")
        .without_environment()
        .exporter(Exporter::Otlp(collector.speaks().protocol()))
        .endpoint(collector.url())
        // Batches go when a test says so.
        .delay(LONG)
}

/// Sets it up, once the exporter of a test before has come to its end.
pub(crate) fn set_up(config: &TracingConfig) -> TracingGuard {
    loop {
        match setup_tracing(config.clone()) {
            Ok(guard) => return guard,
            Err(error) if error.option_name().is_none() && error.variable().is_none() => {
                thread::sleep(Duration::from_millis(5));
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// All ways to speak.
pub(crate) const WAYS: &[Speaks] = &[
    Speaks::Http,
    Speaks::HttpJson,
    #[cfg(feature = "grpc")]
    Speaks::Grpc,
];

pub(crate) const TRACER: Tracer = tracer("shop");

/// Makes so many spans.
pub(crate) fn spans(count: usize) {
    for number in 0..count {
        let mut span = TRACER.start_span("pick");
        span.set_attribute("number", number);
    }
}

/// A report with these numbers.
pub(crate) fn counted(exported: u64, dropped: u64, rejected: u64) -> Report {
    let mut report = Report::default();
    (report.exported, report.dropped, report.rejected) = (exported, dropped, rejected);
    report
}
