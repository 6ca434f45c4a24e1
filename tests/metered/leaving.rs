use std::panic::AssertUnwindSafe;

use mainstay::{Error, metered, metered::Outcome, policies};
use mainstay_testkit::Stepper;
use tokio::sync::Notify;

use crate::support::{assert_scraped, ms};

#[metered("leaving.call")]
async fn wait(open: &Notify) -> Result<(), Error> {
    open.notified().await;
    Ok(())
}

#[tokio::test]
async fn a_call_is_inside_until_it_ends_and_a_dropped_one_is_cancelled() {
    let (open, metered) = (Notify::new(), policies().metered("leaving.call").unwrap());
    let mut calls: Vec<_> = (0..3).map(|_| Stepper::new(wait(&open))).collect();
    assert_eq!(metered.in_flight(), 0, "nothing was polled");
    calls.iter_mut().for_each(|call| assert!(call.poll().is_pending()));
    assert_eq!(metered.in_flight(), 3);
    open.notify_waiters();
    assert!(calls[0].poll().is_ready());
    drop(calls);
    assert_eq!((metered.in_flight(), metered.total()), (0, 3));
    assert_eq!((metered.count(Outcome::Ok), metered.count(Outcome::Cancelled)), (1, 2));
    // How long a dropped call took says nothing of the function.
    assert_scraped("leaving.call", &["duration_seconds_count{@} 1"]);
}

#[test]
fn a_panic_is_counted_and_unwinds_on() {
    #[metered("leaving.panic")]
    fn panics() -> Result<(), Error> {
        panic!("on purpose")
    }
    assert!(std::panic::catch_unwind(AssertUnwindSafe(panics)).is_err());
    assert_scraped("leaving.panic", &["calls_total{@,outcome=\"panic\"} 1", "in_flight{@} 0"]);
}

#[tokio::test(start_paused = true)]
async fn durations_follow_the_clock_that_tests_move() {
    #[metered("leaving.slow")]
    async fn slow() -> Result<(), Error> {
        tokio::time::sleep(ms(200)).await;
        Ok(())
    }
    slow().await.unwrap();
    assert_scraped(
        "leaving.slow",
        &[
            "duration_seconds_bucket{@,le=\"0.1\"} 0",
            "duration_seconds_bucket{@,le=\"0.25\"} 1",
            "duration_seconds_sum{@} 0.2",
        ],
    );
}
