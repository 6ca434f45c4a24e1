use std::{
    future::{pending, poll_fn, ready},
    sync::{Arc, Barrier},
    task::Poll,
    time::Duration,
};

use super::*;
use crate::{
    Error, Kind,
    clock::{self, ManualClock, sleep},
    registry::Policy,
};

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

#[tokio::test(start_paused = true)]
async fn a_pending_future_is_cut_off_when_its_time_is_over() {
    let timeout = Timeout::builder(secs(2)).build("t").unwrap();
    let start = clock::now();
    let error = timeout.run(pending::<()>()).await.unwrap_err();
    assert_eq!((error.kind(), error.policy()), (Kind::TimedOut, "t"));
    assert_eq!(clock::now().saturating_since(start), secs(2));
    assert_eq!(timeout.timed_out(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_future_that_is_ready_at_the_deadline_wins() {
    let timeout = Timeout::builder(secs(2)).build("t").unwrap();
    assert_eq!(
        timeout
            .run(async {
                sleep(secs(2)).await;
                7
            })
            .await,
        Ok(7)
    );
}

#[tokio::test(start_paused = true)]
async fn zero_sets_no_limit() {
    let timeout = Timeout::builder(Duration::ZERO).build("t").unwrap();
    assert_eq!(
        timeout
            .run(async {
                sleep(secs(1_000_000)).await;
                7
            })
            .await,
        Ok(7)
    );
}

#[test]
fn a_future_that_is_ready_at_once_needs_neither_clock_nor_runtime() {
    let timeout = Timeout::builder(secs(2)).build("t").unwrap();
    let deadline = Deadline::new(&timeout, secs(2), None);
    let mut timed = std::pin::pin!(timed(ready(7), &deadline));
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    assert_eq!(timed.as_mut().poll(&mut cx), Poll::Ready(Ok(7)));
}

#[tokio::test(start_paused = true)]
async fn the_limit_that_ends_first_is_blamed_and_the_outer_one_of_equals() {
    let outer = Timeout::builder(secs(3)).build("outer").unwrap();
    let inner = Timeout::builder(secs(5)).build("inner").unwrap();
    for (outer_limit, inner_limit, blamed) in [(3, 5, "outer"), (5, 3, "inner"), (3, 3, "outer")] {
        let around = Deadline::new(&outer, secs(outer_limit), None);
        let within = Deadline::new(&inner, secs(inner_limit), Some(&around));
        let error = timed(pending::<()>(), &within).await.unwrap_err();
        assert_eq!(error, Error::timed_out(blamed, secs(3)));
        assert!(within.has_passed());
        assert_eq!(around.has_passed(), blamed == "outer");
    }
}

#[tokio::test(start_paused = true)]
async fn a_future_that_never_yields_its_turn_is_still_cut_off() {
    let timeout = Timeout::builder(Duration::from_millis(5)).build("t").unwrap();
    let greedy = poll_fn(|cx| {
        // Uses up the task's budget, as a busy channel does.
        while std::pin::pin!(tokio::task::coop::consume_budget()).poll(cx).is_ready() {}
        cx.waker().wake_by_ref();
        Poll::<()>::Pending
    });
    let advance = async {
        loop {
            tokio::time::advance(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        biased;
        result = timeout.run(greedy) => assert!(result.is_err()),
        () = advance => {}
    }
}

#[test]
fn work_on_a_thread_is_waited_for_and_then_left() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let timeout = Timeout::builder(secs(2)).build("t").unwrap();
    assert_eq!(timeout.call_on_thread(|| Ok::<_, Error>(7)), Ok(7));

    let release = Arc::new(Barrier::new(2));
    let held = Arc::clone(&release);
    let advancing = std::thread::spawn({
        let clock = clock.clone();
        move || {
            while clock.sleepers() == 0 {
                std::thread::yield_now();
            }
            clock.advance(secs(2));
        }
    });
    let late = timeout.call_on_thread(move || {
        held.wait();
        Ok::<_, Error>(7)
    });
    assert_eq!(late.unwrap_err().kind(), Kind::TimedOut);
    release.wait();
    advancing.join().unwrap();
}

#[test]
fn a_panic_on_the_thread_is_the_callers_panic() {
    let timeout = Timeout::builder(secs(2)).build("t").unwrap();
    let panicked =
        std::panic::catch_unwind(|| timeout.call_on_thread(|| -> Result<(), Error> { panic!("boom") }));
    assert_eq!(*panicked.unwrap_err().downcast::<&str>().unwrap(), "boom");
}

#[tokio::test(start_paused = true)]
async fn a_call_in_flight_finishes_under_the_limit_it_began_with() {
    let timeout = Timeout::builder(secs(2)).build("t").unwrap();
    let set = |limit: &str, on| {
        let config = TimeoutConfig::OPTIONS[0].read(TimeoutConfig::new(secs(2)), limit).unwrap();
        assert!(timeout.live().unwrap().set(config, on));
    };
    let start = clock::now();
    let mut first = std::pin::pin!(timeout.run(pending::<()>()));
    assert!(poll_fn(|cx| Poll::Ready(first.as_mut().poll(cx).is_pending())).await);
    set("9s", true);
    assert!(first.await.is_err());
    assert_eq!(clock::now().saturating_since(start), secs(2));
    assert!(timeout.run(pending::<()>()).await.is_err());
    assert_eq!(clock::now().saturating_since(start), secs(11));
    set("9s", false);
    assert_eq!(timeout.limit(), Duration::ZERO);
    assert_eq!(timeout.run(sleep(secs(100))).await, Ok(()));
    assert_eq!(timeout.describe_config(), "off");
}

#[test]
fn an_override_is_shown_as_it_is_written_and_is_never_zero() {
    let read = |option: usize, value| TimeoutConfig::OPTIONS[option].read(TimeoutConfig::new(secs(2)), value);
    let show = |option: usize, config: &TimeoutConfig| TimeoutConfig::OPTIONS[option].show(config);
    let changed = read(0, "1m30s").unwrap();
    assert_eq!((show(0, &changed).as_deref(), show(1, &changed).as_deref()), (Some("90s"), Some("false")));
    assert_eq!(show(0, &TimeoutConfig::new(Duration::ZERO)).as_deref(), Some("set by each call"));
    assert_eq!(Timeout::check_config(&changed), Ok(()));
    let zero = Timeout::check_config(&read(0, "0s").unwrap()).unwrap_err();
    assert!(zero.to_string().contains("enabled = false"), "{zero}");
    assert!(read(0, "2").is_err() && read(1, "perhaps").is_err());
}
