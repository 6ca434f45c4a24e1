use std::{panic::AssertUnwindSafe, time::Duration};

use crate::{
    Error, Kind,
    clock::ManualClock,
    metered::{Metered, MeteredMetrics, Outcome, Slo},
    metrics::{
        HttpStatus,
        tests::scrape::{self, has},
    },
};

fn lines(of: &str) -> Vec<String> {
    scrape::lines(&MeteredMetrics, "function", of)
}

#[test]
fn a_call_ends_once_however_it_ends() {
    let metered = Metered::builder().build("counting").unwrap();
    assert_eq!(metered.call(|| Ok::<_, Error>(1)), Ok(1));
    assert!(metered.call(|| Err::<(), _>(Error::circuit_open("x", None))).is_err());
    drop(metered.begin());
    let panicked = std::panic::catch_unwind(AssertUnwindSafe(|| {
        metered.call(|| -> Result<(), Error> { panic!("on purpose") })
    }));
    assert!(panicked.is_err());
    metered.begin().end(Outcome::of_policy(Kind::TimedOut));
    metered.begin().end(Outcome::of_policy(Kind::BulkheadFull));
    let running = metered.begin();
    assert_eq!((metered.in_flight(), metered.total()), (1, 6));
    running.end(Outcome::Ok);
    let error = Outcome::error(crate::classify::Class::Transient);
    let counts = [Outcome::Ok, error, Outcome::Timeout, Outcome::Cancelled, Outcome::Panic]
        .map(|outcome| metered.count(outcome));
    assert_eq!(counts, [2, 1, 1, 1, 1]);
    assert_eq!((metered.count(Outcome::of_policy(Kind::Store)), metered.in_flight()), (1, 0));
}

#[test]
fn threads_that_are_metered_together_lose_nothing() {
    let metered = Metered::builder().build("threads").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..5000).for_each(|_| drop(metered.call(|| Ok::<_, Error>(())))));
        }
    });
    assert_eq!((metered.count(Outcome::Ok), metered.in_flight()), (40_000, 0));
}

#[test]
fn a_scrape_shows_outcomes_durations_errors_and_who_is_inside() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let metered = Metered::builder().register("metered.scrape").unwrap();
    let call = metered.begin();
    clock.advance(Duration::from_millis(30));
    call.end(Outcome::Ok);
    metered.begin().end(Outcome::of_policy(Kind::RateLimited));
    let _running = metered.begin();
    has(
        &lines("metered.scrape"),
        &[
            "mainstay_function_calls_total{@,outcome=\"ok\"} 1",
            "mainstay_function_calls_total{@,outcome=\"rejected\"} 1",
            "mainstay_function_calls_total{@,outcome=\"panic\"} 0",
            "mainstay_function_errors_total{@,error_type=\"rate_limited\"} 1",
            "mainstay_function_duration_seconds_bucket{@,le=\"0.025\"} 0",
            "mainstay_function_duration_seconds_bucket{@,le=\"0.05\"} 1",
            "mainstay_function_duration_seconds_sum{@} 0.03",
            "mainstay_function_duration_seconds_count{@} 1",
            "mainstay_function_in_flight{@} 1",
        ],
    );
}

#[test]
fn labels_make_series_and_two_types_of_labels_may_share_a_name() {
    let metered = Metered::builder().labels(&["status"]).register("metered.labels").unwrap();
    metered.begin_with(&(HttpStatus::new(200),)).end(Outcome::Ok);
    metered.begin_with(&(HttpStatus::new(200),)).end(Outcome::Ok);
    metered.begin_with(&("odd",)).end(Outcome::Ok);
    has(
        &lines("metered.labels"),
        &[
            "mainstay_function_calls_total{@,status=\"200\",outcome=\"ok\"} 2",
            "mainstay_function_calls_total{@,status=\"odd\",outcome=\"ok\"} 1",
        ],
    );
    assert_eq!(metered.total(), 3);
}

#[test]
fn an_objective_of_latency_has_a_bucket_of_its_own() {
    let slo = Slo::new().latency(0.99, Duration::from_millis(333));
    let _metered = Metered::builder().slo(slo).register("metered.bucket").unwrap();
    has(&lines("metered.bucket"), &["mainstay_function_duration_seconds_bucket{@,le=\"0.333\"} 0"]);
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let bad = [
        Metered::builder().buckets(&[0.1, 0.1]),
        Metered::builder().buckets(&[0.0]),
        Metered::builder().slo(Slo::new().ok(100.0)),
        Metered::builder().slo(Slo::new().latency(99.0, Duration::from_secs(1))),
        Metered::builder().slo(Slo::new().latency(0.9, Duration::ZERO)),
    ];
    assert!(bad.iter().all(|config| config.check().is_err()));
}
