//! From the end of a span to the exporter.

use std::{
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use mainstay::trace::{
    self, Attribute, ExportError, Resource, SpanData, SpanExporter, TraceConfig, install, tracer,
};
use mainstay_testkit::Spans;

const LONG: Duration = Duration::from_secs(30);

fn span(name: &'static str) {
    drop(tracer("export").start_span(name));
}

/// Counts, and fails or panics or stands still as told.
#[derive(Clone, Default)]
struct Counting(Arc<Told>);

#[derive(Default)]
struct Told {
    spans: AtomicU64,
    batches: Mutex<Vec<usize>>,
    fails: AtomicBool,
    panics: AtomicBool,
    stands: Mutex<bool>,
    goes_on: Condvar,
    is_called: AtomicBool,
    resource: Mutex<Resource>,
    flushed: AtomicU64,
}

impl Counting {
    fn stand(&self) {
        *self.0.stands.lock().unwrap() = true;
    }

    fn go_on(&self) {
        *self.0.stands.lock().unwrap() = false;
        self.0.goes_on.notify_all();
    }
}

impl SpanExporter for Counting {
    fn start(&mut self, resource: &Resource) {
        *self.0.resource.lock().unwrap() = resource.clone();
    }

    fn export(&mut self, batch: &mut Vec<SpanData>) -> Result<(), ExportError> {
        self.0.is_called.store(true, Ordering::Relaxed);
        let stands = self.0.stands.lock().unwrap();
        drop(self.0.goes_on.wait_while(stands, |stands| *stands).unwrap());
        assert!(!self.0.panics.load(Ordering::Relaxed), "on purpose");
        if self.0.fails.load(Ordering::Relaxed) {
            return Err(ExportError::new("on purpose"));
        }
        self.0.batches.lock().unwrap().push(batch.len());
        self.0.spans.fetch_add(batch.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        self.0.flushed.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[test]
fn of_a_hundred_thousand_spans_at_the_end_each_arrives_or_is_counted() {
    let _alone = Spans::none();
    for queue in [200_000, 5_000] {
        let counting = Counting::default();
        let guard = install(TraceConfig::new(counting.clone()).queue_size(queue)).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..25_000).for_each(|_| span("export.many")));
            }
        });
        let flushed = guard.shutdown(LONG);
        assert_eq!(flushed.exported + flushed.dropped, 100_000, "{flushed:?}");
        assert_eq!(flushed.exported, counting.0.spans.load(Ordering::Relaxed));
        assert!(queue < 100_000 || flushed.dropped == 0, "{flushed:?}");
        assert!(counting.0.batches.lock().unwrap().iter().all(|size| *size <= 512));
    }
}

#[test]
fn an_exporter_that_stands_still_slows_no_call_and_loses_a_counted_number() {
    let _alone = Spans::none();
    let counting = Counting::default();
    counting.stand();
    let guard = install(TraceConfig::new(counting.clone()).queue_size(100).batch_size(10)).unwrap();
    (0..1000).for_each(|_| span("export.stuck"));
    assert!(!guard.flush(Duration::ZERO));
    while !counting.0.is_called.load(Ordering::Relaxed) {
        std::thread::yield_now();
    }
    let flushed = guard.shutdown(Duration::ZERO);
    assert_eq!((flushed.exported, flushed.dropped), (0, 1000));
    // It is still there, and nobody else can come.
    assert!(install(TraceConfig::new(Counting::default())).is_err());
    counting.go_on();
    let guard = loop {
        match install(TraceConfig::new(Counting::default())) {
            Ok(guard) => break guard,
            Err(_) => std::thread::yield_now(),
        }
    };
    span("export.after");
    assert_eq!(guard.shutdown(LONG).exported, 1);
}

#[test]
fn batches_that_fail_or_panic_are_counted_and_the_next_ones_go_through() {
    let _alone = Spans::none();
    let counting = Counting::default();
    let guard = install(TraceConfig::new(counting.clone())).unwrap();
    counting.0.fails.store(true, Ordering::Relaxed);
    (0..3).for_each(|_| span("export.fails"));
    assert!(guard.flush(LONG));
    counting.0.fails.store(false, Ordering::Relaxed);
    counting.0.panics.store(true, Ordering::Relaxed);
    (0..2).for_each(|_| span("export.panics"));
    assert!(guard.flush(LONG));
    counting.0.panics.store(false, Ordering::Relaxed);
    span("export.fine");
    let flushed = guard.shutdown(LONG);
    assert_eq!((flushed.exported, flushed.dropped), (1, 5));
}

#[test]
fn a_full_batch_is_sent_at_once_and_the_rest_when_it_is_asked_for() {
    let _alone = Spans::none();
    let counting = Counting::default();
    let config = TraceConfig::new(counting.clone()).batch_size(64).delay(Duration::from_secs(3600));
    let guard = install(config.resource(Resource::service("orders").with(Attribute::new("a", 1)))).unwrap();
    (0..64).for_each(|_| span("export.batch"));
    // Until it is seen: nobody asks for it.
    while counting.0.spans.load(Ordering::Relaxed) == 0 {
        std::thread::yield_now();
    }
    span("export.rest");
    assert!(guard.flush(LONG));
    assert_eq!((guard.counts().exported, counting.0.flushed.load(Ordering::Relaxed)), (65, 1));
    assert_eq!(counting.0.resource.lock().unwrap().attributes.len(), 2);
    assert_eq!(trace::counts(), Some(guard.counts()));
}

#[test]
fn spans_tell_the_time_of_day() {
    let spans = Spans::record();
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    let before = now();
    span("export.time");
    let after = now();
    let span = spans.one("export.time");
    // The two clocks may be apart by a millisecond.
    assert!(span.start + 2_000_000 >= before && span.end <= after + 2_000_000 && span.start <= span.end);
}

#[test]
fn only_one_exporter_is_installed_at_a_time() {
    let spans = Spans::record();
    let error = install(TraceConfig::new(Counting::default())).unwrap_err();
    assert!(error.to_string().contains("shut it down"));
    assert_eq!(spans.shutdown().dropped, 0);
}

#[test]
fn spans_that_end_after_the_shutdown_are_counted_as_lost() {
    let _alone = Spans::none();
    let guard = install(TraceConfig::new(Counting::default())).unwrap();
    let late = tracer("export").start_span("export.late");
    let flushed = guard.shutdown(LONG);
    assert_eq!((flushed.exported, flushed.dropped), (0, 0));
    drop(late);
    assert_eq!(trace::counts().unwrap().dropped, 1);
}
