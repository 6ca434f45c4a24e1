use std::time::Duration;

use crate::{
    Kind,
    clock::ManualClock,
    metrics::{Buckets, Counter, HttpStatus, Registry, Sample, TextFormat, registry::registry},
};

fn text(registry: &Registry) -> String {
    registry.encode(TextFormat::Prometheus)
}

#[test]
fn the_same_name_is_the_same_metric_and_another_kind_is_refused() {
    let registry = Registry::new();
    let one = registry.counter("orders_total", "Orders.").unwrap();
    let same = registry.counter("orders", "Orders.").unwrap();
    one.increment();
    assert_eq!(same.get(), 1);
    assert!(
        registry.gauge("orders", "Orders.").unwrap_err().to_string().contains("another metric has this name")
    );
    registry.counters::<(bool,)>("calls", "Calls.", ["ok"]).unwrap();
    assert!(registry.counters::<(bool,)>("calls", "Calls.", ["fine"]).is_err());
    assert!(
        registry.counters::<(bool, bool)>("twice", "", ["a", "a"]).unwrap_err().to_string().contains("twice")
    );
    assert!(registry.counters::<(bool,)>("reserved", "", ["le"]).is_err());
}

#[test]
fn each_combination_of_labels_is_a_series_and_empty_values_are_no_labels() {
    let registry = Registry::new();
    let calls = registry
        .counters::<(Option<Kind>, HttpStatus, bool)>("calls", "Calls.", ["kind", "status", "ok"])
        .unwrap();
    let ok = (None, HttpStatus::new(200), true);
    calls.get(&ok).increment();
    calls.get(&ok).increment();
    calls.get(&(Some(Kind::TimedOut), HttpStatus::new(5), false)).increment();
    let text = text(&registry);
    assert!(text.contains("calls_total{status=\"200\",ok=\"true\"} 2\n"), "{text}");
    assert!(text.contains("calls_total{kind=\"timed_out\",status=\"other\",ok=\"false\"} 1\n"), "{text}");
    assert_eq!(calls.len(), 2);
}

#[test]
fn what_a_family_has_no_room_for_is_counted_in_one_series() {
    let registry = Registry::new();
    let many = registry.counters::<(HttpStatus, HttpStatus)>("many", "Too many.", ["one", "other"]).unwrap();
    for one in 100..200 {
        for other in 100..121 {
            many.get(&(HttpStatus::new(one), HttpStatus::new(other))).increment();
        }
    }
    assert_eq!(many.len(), 2000);
    assert!(text(&registry).contains("many_total{otel_metric_overflow=\"true\"} 100\n"));
}

#[test]
fn threads_that_count_in_one_family_lose_nothing() {
    let registry = Registry::new();
    let calls = registry.counters::<(HttpStatus,)>("calls", "Calls.", ["status"]).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope
                .spawn(|| (0..10_000).for_each(|n| calls.get(&(HttpStatus::new(100 + n % 50),)).increment()));
        }
    });
    let total: u64 = (0..50).map(|n| calls.get(&(HttpStatus::new(100 + n),)).get()).sum();
    assert_eq!(total, 80_000);
}

#[test]
fn a_timer_observes_when_it_is_dropped_stopped_or_not_at_all_when_discarded() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let registry = Registry::new();
    let latency = registry.histogram("latency_seconds", "Latency.", Buckets::seconds()).unwrap();
    {
        let _timer = latency.time();
        clock.advance(Duration::from_millis(20));
    }
    let timer = latency.time();
    clock.advance(Duration::from_secs(20));
    assert_eq!(timer.stop(), Duration::from_secs(20));
    latency.time().discard();
    let snapshot = latency.snapshot();
    assert_eq!((snapshot.count(), snapshot.sum()), (2, 20.02));
    assert_eq!((snapshot.counts()[2], snapshot.counts()[14]), (1, 1));
}

#[test]
fn a_gauge_comes_back_down_when_the_work_panics() {
    let registry = Registry::new();
    let running = registry.int_gauge("running", "Running.").unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _inside = running.enter();
        assert_eq!(running.get(), 1);
        panic!("on purpose");
    }));
    assert!(panicked.is_err());
    assert_eq!(running.get(), 0);
}

#[test]
fn the_programs_registry_is_one() {
    registry().counter("tests_of_the_registry", "This test.").unwrap().add(3);
    assert!(text(registry()).contains("\ntests_of_the_registry_total 3\n"));
}

#[test]
fn a_counter_counts_many_at_once() {
    let counter = Counter::new();
    for _ in 0..2000 {
        counter.add(5);
    }
    counter.add(0);
    assert_eq!(counter.get(), 10_000);
    let mut read = None;
    crate::metrics::Instrument::read(&counter, &mut |sample| {
        if let Sample::Counter(count) = sample {
            read = Some(count);
        }
    });
    assert_eq!(read, Some(10_000));
}
