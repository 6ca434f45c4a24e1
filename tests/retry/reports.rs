//! What a retry policy counts and tells listeners.

use mainstay::{policies, retry};
use mainstay_testkit::Recorder;

use crate::support::*;

#[retry("reports.exhausted", jitter = none)]
async fn exhausted(up: &Upstream) -> Answer {
    up.ask().await
}

#[retry("reports.recovered", jitter = none)]
fn recovered(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry("reports.final")]
fn declined(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry("reports.out_of_time", max_elapsed = "2s", jitter = none)]
fn out_of_time(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[tokio::test(start_paused = true)]
async fn each_failed_attempt_is_reported_and_at_last_the_giving_up() {
    let recorder = Recorder::listen();
    exhausted(&Upstream::down()).await.unwrap_err();
    assert_eq!(
        recorder.events("reports.exhausted"),
        [
            "retry: attempt 1 failed, next in 1s",
            "retry: attempt 2 failed, next in 2s",
            "retries exhausted: 3 attempts"
        ]
    );
    let policy = policies().retry("reports.exhausted").unwrap();
    assert_eq!((policy.retries(), policy.exhausted()), (2, 1));
}

#[test]
fn a_recovery_gives_nothing_up() {
    // RT-22 and its kin: what is counted for a success after one retry.
    let recorder = Recorder::listen();
    manual(|| recovered(&Upstream::failing([Failure::Reset]))).unwrap();
    assert_eq!(recorder.events("reports.recovered"), ["retry: attempt 1 failed, next in 1s"]);
    let policy = policies().retry("reports.recovered").unwrap();
    assert_eq!((policy.retries(), policy.exhausted()), (1, 0));
}

#[test]
fn a_final_error_is_no_giving_up() {
    // RT-24.
    let recorder = Recorder::listen();
    manual(|| declined(&Upstream::always(Failure::Declined))).unwrap_err();
    assert_eq!(recorder.events("reports.final"), [""; 0]);
    let policy = policies().retry("reports.final").unwrap();
    assert_eq!((policy.retries(), policy.exhausted()), (0, 0));
}

#[test]
fn running_out_of_time_is_one() {
    let recorder = Recorder::listen();
    manual(|| out_of_time(&Upstream::down())).unwrap_err();
    assert_eq!(
        recorder.events("reports.out_of_time"),
        ["retry: attempt 1 failed, next in 1s", "retries exhausted: 2 attempts"]
    );
}
