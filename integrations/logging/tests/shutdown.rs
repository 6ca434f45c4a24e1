//! Logs at the end of a program's shutdown: a process of its own, as a program has one shutdown.
#![allow(missing_docs, clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use mainstay_logging::{Json, Logging};
use mainstay_runtime::shutdown;

/// A place that takes its time.
#[derive(Clone, Default)]
struct Slow(Arc<Mutex<Vec<u8>>>);

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        std::thread::sleep(Duration::from_millis(5));
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn every_line_is_written_when_the_shutdown_is_over_although_nothing_was_dropped() {
    let place = Slow::default();
    let logging = Logging::service("shop").level("info").no_console().output(place.clone(), Json::default());
    let guard = logging.install().unwrap();
    for order in 0..20 {
        tracing::info!(order, "placed");
    }
    shutdown::trigger("test");
    assert!(shutdown::of_program().wait_for_signal_blocking().is_clean());
    let text = String::from_utf8(place.0.lock().unwrap().clone()).unwrap();
    assert_eq!(text.matches("placed").count(), 20, "{text}");
    assert!(text.contains("telemetry is sent"), "{text}");
    std::mem::forget(guard);
}
