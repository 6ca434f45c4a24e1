//! MicroProfile Fault Tolerance, metrics. Its `ft.invocations.total` is what `#[metered]` counts above the policies; the
//! others are read from the policies when somebody scrapes.

use std::{
    future::Future,
    sync::{Mutex, PoisonError},
};

use mainstay::{
    bulkhead, circuit_breaker, clock, fallback, metered,
    metrics::{TextFormat, registry, show_policies},
    policies, retry, timeout,
};
use tokio::sync::Semaphore;

use crate::support::*;

/// One test at a time: one of them switches metrics off.
fn alone<T>(test: impl Future<Output = T>) -> T {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.unwrap().block_on(test)
}

/// The lines of a scrape about what has this name, without `mainstay_` and with `@` for the label of the name.
fn scraped(name: &str) -> Vec<String> {
    let text = registry().encode(TextFormat::Prometheus);
    let labels = [format!("name=\"{name}\""), format!("function=\"{name}\"")];
    let own = |line: &&str| labels.iter().any(|label| line.contains(label));
    let short = |line: &str| {
        labels.iter().fold(line.replace("mainstay_", ""), |line, label| line.replace(label, "@"))
    };
    text.lines().filter(own).map(short).collect()
}

#[track_caller]
fn has(name: &str, expected: &[&str]) {
    let lines = scraped(name);
    for line in expected {
        assert!(lines.iter().any(|there| there == line), "no `{line}` in {lines:#?}");
    }
}

fn value(name: &str, series: &str) -> f64 {
    let lines = scraped(name);
    let found = lines.iter().find_map(|line| line.strip_prefix(series)?.trim().parse().ok());
    found.unwrap_or_else(|| panic!("no `{series}` in {lines:#?}"))
}

/// CB-24: the source's time while closed is all the time less the other states; it does not count the opening after a failed
/// probe (decision 0053).
#[test]
fn time_counts_for_the_state_it_is_spent_in_and_a_failed_probe_opens_it_once_more() {
    alone(async {
        #[circuit_breaker("mm.states", failure_threshold = 2, success_threshold = 2, timeout = "1s")]
        async fn call(up: &Upstream) -> Answer {
            up.run_async().await
        }
        let up = upstream("FF SF SS");
        assert!(call(&up).await.is_err() && call(&up).await.is_err());
        has("mm.states", &["circuit_breaker_opened_total{@} 1", "circuit_breaker_state{@,state=\"open\"} 1"]);
        clock::sleep(SECOND).await;
        call(&up).await.unwrap();
        clock::sleep(SECOND * 2).await;
        let half_open = "circuit_breaker_state_seconds_total{@,state=\"half_open\"}";
        let open = "circuit_breaker_state_seconds_total{@,state=\"open\"}";
        assert_eq!((value("mm.states", open), value("mm.states", half_open)), (1.0, 2.0));
        call(&up).await.unwrap_err();
        clock::sleep(SECOND).await;
        assert_eq!((value("mm.states", open), value("mm.states", half_open)), (2.0, 2.0));
        assert!(call(&up).await.is_ok() && call(&up).await.is_ok());
        clock::sleep(SECOND * 5).await;
        assert_eq!((value("mm.states", open), value("mm.states", half_open)), (2.0, 2.0), "none of it falls");
        has(
            "mm.states",
            &["circuit_breaker_opened_total{@} 2", "circuit_breaker_state{@,state=\"closed\"} 1"],
        );
    });
}

/// RT-22, RT-24, RT-25, RT-27, RT-28: calls that need no retry are counted by `#[metered]` alone (decision 0054).
#[test]
fn calls_under_a_retry_are_counted_by_how_they_end() {
    alone(async {
        #[metered("mm.retry")]
        #[retry("mm.retry", max_attempts = 6, initial_delay = "100ms", backoff = constant, jitter = none,
            abort_on(E::Declined), max_elapsed = "10s")]
        async fn call(up: &Upstream) -> Answer {
            up.run_async().await
        }
        let rows = [
            ("S", [0, 0, 0, 0, 0]),
            ("D", [0, 0, 1, 0, 0]),
            ("FFFD", [3, 1, 2, 0, 0]),
            ("FFFS", [6, 2, 2, 0, 0]),
            ("FFFFFF", [11, 3, 2, 1, 0]),
        ];
        for (letters, [retries, retried, not_retryable, out_of_attempts, out_of_time]) in rows {
            let _ = call(&upstream(letters)).await;
            let failed = |result: &str| format!("retry_failed_calls_total{{@,result=\"{result}\"}}");
            let lines = [
                format!("retry_retries_total{{@}} {retries}"),
                format!("retry_retried_calls_total{{@}} {retried}"),
                format!("{} {not_retryable}", failed("not_retryable")),
                format!("{} {out_of_attempts}", failed("out_of_attempts")),
                format!("{} {out_of_time}", failed("out_of_time")),
            ];
            has("mm.retry", &lines.each_ref().map(String::as_str));
        }
        assert_eq!(letter(&call(&slow(SECOND * 6, 'F')).await), 'F');
        has(
            "mm.retry",
            &[
                "retry_failed_calls_total{@,result=\"out_of_time\"} 1",
                "function_calls_total{@,outcome=\"ok\"} 2",
                "function_calls_total{@,outcome=\"error\"} 4",
            ],
        );

        #[retry("mm.once", max_attempts = 1)]
        fn once() -> Answer {
            Err(E::Down)
        }
        once().unwrap_err();
        has(
            "mm.once",
            &["retry_retries_total{@} 0", "retry_failed_calls_total{@,result=\"out_of_attempts\"} 1"],
        );
    });
}

/// RT-30: the example of their chapter on metrics.
#[test]
fn a_time_out_and_an_error_and_a_success_are_one_call_and_three_attempts() {
    alone(async {
        #[metered("mm.example")]
        #[retry("mm.example", max_attempts = 3, initial_delay = "0s")]
        #[metered("mm.example.attempt")]
        #[timeout("1000ms")]
        async fn call(up: &Upstream) -> Answer {
            up.run_async().await
        }
        assert_eq!(letter(&call(&upstream("HFS")).await), 'S');
        has(
            "mm.example",
            &[
                "function_calls_total{@,outcome=\"ok\"} 1",
                "function_duration_seconds_count{@} 1",
                "retry_retries_total{@} 2",
                "retry_retried_calls_total{@} 1",
                "retry_failed_calls_total{@,result=\"out_of_attempts\"} 0",
            ],
        );
        has(
            "mm.example.attempt",
            &[
                "function_calls_total{@,outcome=\"timeout\"} 1",
                "function_calls_total{@,outcome=\"error\"} 1",
                "function_calls_total{@,outcome=\"ok\"} 1",
                "function_duration_seconds_count{@} 3",
            ],
        );
    });
}

/// TO-14: a call that was cut off has a duration, too.
#[test]
fn time_outs_are_counted_and_their_calls_are_timed() {
    alone(async {
        #[metered("mm.limit")]
        #[timeout("500ms", name = "mm.limit")]
        async fn call(up: &Upstream) -> Answer {
            up.run_async().await
        }
        for (took, answer) in [(2000, 't'), (2000, 't'), (100, 'S')] {
            assert_eq!(letter(&call(&slow(ms(took), 'S')).await), answer);
        }
        has(
            "mm.limit",
            &[
                "timeout_timed_out_total{@} 2",
                "function_calls_total{@,outcome=\"timeout\"} 2",
                "function_calls_total{@,outcome=\"ok\"} 1",
                "function_duration_seconds_count{@} 3",
                "function_duration_seconds_sum{@} 1.1",
            ],
        );
    });
}

/// BH-11, BH-12: durations are those of the whole call, the wait included; refused calls have none.
#[test]
fn who_runs_and_waits_and_was_refused_is_shown_with_durations() {
    alone(async {
        static GATE: Semaphore = Semaphore::const_new(0);
        #[metered("mm.rooms")]
        #[bulkhead("mm.rooms", 2, max_wait = "10s", max_queue = 2)]
        async fn call() -> Answer {
            drop(GATE.acquire().await);
            Ok(())
        }
        let calls: Vec<_> = (0..4).map(|_| tokio::spawn(call())).collect();
        let bulkhead = policies().bulkhead("mm.rooms").unwrap();
        while bulkhead.waiting() < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(letter(&call().await), 'b');
        has("mm.rooms", &["bulkhead_running{@} 2", "bulkhead_waiting{@} 2", "function_in_flight{@} 4"]);
        clock::sleep(SECOND).await;
        GATE.add_permits(1);
        for call in calls {
            call.await.unwrap().unwrap();
        }
        has(
            "mm.rooms",
            &[
                "bulkhead_running{@} 0",
                "bulkhead_waiting{@} 0",
                "bulkhead_calls_total{@,outcome=\"permitted\"} 4",
                "bulkhead_calls_total{@,outcome=\"rejected\"} 1",
                "function_calls_total{@,outcome=\"ok\"} 4",
                "function_calls_total{@,outcome=\"rejected\"} 1",
                "function_in_flight{@} 0",
                "function_duration_seconds_count{@} 4",
                "function_duration_seconds_sum{@} 4",
            ],
        );
    });
}

#[metered("mm.all")]
#[fallback(|_| Ok(()))]
#[retry("mm.all", max_attempts = 3, initial_delay = "0s")]
#[circuit_breaker("mm.all", failure_threshold = 4)]
#[bulkhead("mm.all", 2, max_wait = "1s")]
#[timeout("1s", name = "mm.all")]
async fn all(up: &Upstream) -> Answer {
    up.run_async().await
}

/// CF-17: one success under all of them; CF-x01: what a fallback answers is no failure of the function, and what it
/// covered is in the numbers of the others.
#[test]
fn one_call_under_all_policies_shows_in_the_numbers_of_all() {
    alone(async {
        assert_eq!(letter(&all(&upstream("S")).await), 'S');
        has(
            "mm.all",
            &[
                "function_calls_total{@,outcome=\"ok\"} 1",
                "function_duration_seconds_count{@} 1",
                "retry_retries_total{@} 0",
                "retry_failed_calls_total{@,result=\"not_retryable\"} 0",
                "timeout_timed_out_total{@} 0",
                "circuit_breaker_calls_total{@,outcome=\"success\"} 1",
                "circuit_breaker_calls_total{@,outcome=\"failure\"} 0",
                "circuit_breaker_calls_total{@,outcome=\"rejected\"} 0",
                "circuit_breaker_opened_total{@} 0",
                "bulkhead_calls_total{@,outcome=\"permitted\"} 1",
                "bulkhead_running{@} 0",
                "bulkhead_waiting{@} 0",
            ],
        );
        assert_eq!(letter(&all(&upstream("HFF")).await), 'S', "by the fallback");
        has(
            "mm.all",
            &[
                "function_calls_total{@,outcome=\"ok\"} 2",
                "retry_retries_total{@} 2",
                "retry_failed_calls_total{@,result=\"out_of_attempts\"} 1",
                "timeout_timed_out_total{@} 1",
                "circuit_breaker_calls_total{@,outcome=\"failure\"} 3",
                "bulkhead_calls_total{@,outcome=\"permitted\"} 4",
            ],
        );
    });
}

/// CF-15.
#[test]
fn policies_show_nothing_where_that_is_switched_off_and_work_as_before() {
    alone(async {
        #[retry("mm.off", max_attempts = 3, initial_delay = "0s")]
        async fn call(up: &Upstream) -> Answer {
            up.run_async().await
        }
        show_policies(false);
        let answer = call(&upstream("FFS")).await;
        let hidden = scraped("mm.off");
        show_policies(true);
        assert_eq!((letter(&answer), hidden), ('S', Vec::new()));
        has("mm.off", &["retry_retries_total{@} 2"]);
    });
}
