//! What checks log.

use std::{
    fmt::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use super::still;
use crate::{
    clock::{self, ManualClock},
    health::{CheckOptions, HealthChecker, HealthStatus, Probe, from_fn},
};

/// Keeps what is logged by checks on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "mainstay"
    }
    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}

#[test]
fn a_name_that_is_taken_is_told_once_with_both_places() {
    let log = Log::default();
    let _heard = tracing::subscriber::set_default(log.clone());
    let checker = HealthChecker::new("shop");
    checker.add_as("database", from_fn(async || true));
    checker.add_as("database", from_fn(async || true));
    assert_eq!(checker.names(), ["database", "database#2"]);
    let lines = log.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("two health checks have one name") && lines[0].contains("shown=database#2"));
    assert_eq!(lines[0].matches("health/tests/logs.rs:").count(), 2, "{lines:?}");
}

#[test]
fn a_check_that_has_not_answered_yet_is_not_ready_and_no_failure_in_the_log() {
    let (log, clock) = (Log::default(), ManualClock::new());
    let _heard = tracing::subscriber::set_default(log.clone());
    let checker = HealthChecker::new("shop");
    let slow = from_fn(|| async { clock::sleep(Duration::from_secs(3)).await });
    checker.add_with("slow", CheckOptions::new().timeout(Duration::from_secs(5)), slow).unwrap();
    let _followed = clock.install();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // The check, its limit, and the patience of the report.
            while clock.sleepers() < 3 {
                std::thread::yield_now();
            }
            clock.advance(Duration::from_millis(80));
        });
        assert_eq!(checker.report(Probe::Ready).status, HealthStatus::Unhealthy);
    });
    assert_eq!(log.lines(), [""; 0]);
    clock.advance(Duration::from_secs(3));
    while checker.report(Probe::Ready).status != HealthStatus::Healthy {
        std::thread::yield_now();
    }
    assert_eq!(log.lines(), [""; 0]);
}

#[test]
fn a_check_that_fails_is_told_once() {
    let (log, _still) = (Log::default(), still());
    let _heard = tracing::subscriber::set_default(log.clone());
    let checker = HealthChecker::new("shop");
    let long = CheckOptions::new().timeout(Duration::from_secs(600));
    checker.add_with("search", long, from_fn(async || false)).unwrap();
    for _ in 0..2 {
        assert_eq!(checker.report(Probe::Ready).status, HealthStatus::Unhealthy);
    }
    let lines = log.lines();
    assert!(lines.len() == 1 && lines[0].contains("a health check fails"), "{lines:?}");
}
