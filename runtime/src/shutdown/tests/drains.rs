use std::future::{Future, pending};

use super::*;
use crate::clock;

#[tokio::test(start_paused = true)]
async fn it_serves_on_through_the_pre_drain_and_takes_no_new_work_after_it() {
    let (shutdown, _) = shutdown(ShutdownConfig::new().pre_drain(5 * SECOND));
    let work = shutdown.work("requests");
    let serving = {
        let (shutdown, work) = (shutdown.clone(), work.clone());
        tokio::spawn(async move {
            let mut served = 0;
            while let Some(()) = shutdown.until_draining(clock::sleep(SECOND)).await {
                let _running = work.begin();
                served += 1;
            }
            served
        })
    };
    shutdown.trigger("test");
    assert!(shutdown.has_begun() && !shutdown.is_draining());
    assert_eq!(shutdown.progress().stage, Stage::PreDrain);
    let outcome = shutdown.wait_for_signal().await;
    assert!(shutdown.is_draining());
    // The last one ends at the same moment as the pre-drain.
    assert!((4..=5).contains(&serving.await.unwrap()));
    assert_eq!(outcome.took, 5 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn what_is_in_flight_is_waited_for_before_any_handler_runs() {
    let (shutdown, notes_of) = shutdown(ShutdownConfig::new());
    shutdown.on_shutdown(Handler::new("close", notes(&notes_of, "closed"))).unwrap();
    let request = shutdown.work("requests").begin();
    let answered = notes(&notes_of, "answered");
    tokio::spawn(async move {
        clock::sleep(4 * SECOND).await;
        answered().await;
        drop(request);
    });
    shutdown.trigger("test");
    let outcome = shutdown.wait_for_signal().await;
    assert_eq!(seen(&notes_of), ["answered", "closed"]);
    assert_eq!((outcome.took, outcome.code()), (4 * SECOND, 0));
}

#[tokio::test(start_paused = true)]
async fn work_that_does_not_end_in_time_is_named() {
    let (shutdown, notes_of) = shutdown(ShutdownConfig::new().drain_timeout(3 * SECOND));
    shutdown.on_shutdown(Handler::new("close", notes(&notes_of, "closed"))).unwrap();
    let (_one, _two) = (shutdown.work("uploads").begin(), shutdown.work("uploads").begin());
    shutdown.trigger("test");
    let outcome = shutdown.wait_for_signal().await;
    assert_eq!(seen(&notes_of), ["closed"]);
    assert_eq!((outcome.unfinished[0].count, outcome.still_running()), (2, vec!["uploads"]));
    assert_eq!((outcome.took, outcome.code()), (3 * SECOND, Outcome::TIMED_OUT));
}

#[tokio::test(start_paused = true)]
async fn a_task_is_waited_for_or_cancelled_as_was_said_when_it_began() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    let ticker = shutdown.spawn("ticker", AtDrain::Cancel, pending::<()>());
    let mailer = shutdown.spawn("mailer", AtDrain::Wait, async {
        clock::sleep(2 * SECOND).await;
        "sent"
    });
    assert_eq!(shutdown.progress().in_flight_count(), 2);
    shutdown.trigger("test");
    let outcome = shutdown.wait_for_signal().await;
    assert!(ticker.await.unwrap_err().is_cancelled());
    assert_eq!((mailer.await.unwrap(), outcome.took, outcome.code()), ("sent", 2 * SECOND, 0));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_waited_for_is_cancelled_when_the_time_to_drain_is_up() {
    let (shutdown, _) = shutdown(ShutdownConfig::new().drain_timeout(SECOND));
    let mailer = shutdown.spawn("mailer", AtDrain::Wait, pending::<()>());
    shutdown.trigger("test");
    let outcome = shutdown.wait_for_signal().await;
    assert!(mailer.await.unwrap_err().is_cancelled());
    assert_eq!(outcome.still_running(), ["mailer"]);
    assert_eq!(shutdown.progress().in_flight_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_may_be_cancelled_is_not_begun_while_draining() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    shutdown.trigger("test");
    let _ = shutdown.wait_for_signal().await;
    let late = shutdown.spawn("late", AtDrain::Cancel, async {});
    assert!(late.await.unwrap_err().is_cancelled());
}

#[tokio::test(start_paused = true)]
async fn the_server_is_work_in_flight_and_its_end_begins_the_shutdown() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    let outcome = shutdown.run(async {
        assert_eq!(shutdown.progress().in_flight_count(), 1);
        clock::sleep(SECOND).await;
    });
    let outcome = outcome.await;
    assert_eq!((outcome.reason.clone(), outcome.code()), (Reason::Ended, 0));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_fails_or_panics_is_followed_by_a_shutdown_in_order() {
    for panics in [false, true] {
        let (shutdown, notes_of) = shutdown(ShutdownConfig::new());
        shutdown.on_shutdown(Handler::new("close", notes(&notes_of, "closed"))).unwrap();
        let server = async move {
            assert!(!panics, "address in use");
            Err::<(), _>("address in use")
        };
        let outcome = shutdown.run(server).await;
        assert!(outcome.error.as_ref().is_some_and(|error| error.contains("address in use")));
        assert_eq!((outcome.code(), seen(&notes_of)), (Outcome::FAILED, vec!["closed".to_owned()]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_end_is_dropped_when_the_time_to_drain_is_up() {
    let (shutdown, _) = shutdown(ShutdownConfig::new().drain_timeout(2 * SECOND));
    let dropped = Arc::new(());
    let held = Arc::clone(&dropped);
    let server = async move {
        let _held = held;
        pending::<()>().await
    };
    shutdown.trigger("test");
    let outcome = shutdown.run(server).await;
    assert_eq!(Arc::strong_count(&dropped), 1);
    assert_eq!((outcome.still_running(), outcome.took), (vec!["the server"], 2 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn two_who_wait_get_the_same_outcome() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    let other = {
        let shutdown = shutdown.clone();
        tokio::spawn(async move { shutdown.wait_for_signal().await })
    };
    shutdown.trigger("test");
    let one = shutdown.wait_for_signal().await;
    assert_eq!(one, other.await.unwrap());
    assert_eq!(shutdown.wait_for_signal().await, one);
}

#[tokio::test(start_paused = true)]
async fn who_waits_may_go_away_before_the_shutdown_and_another_takes_over() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    {
        let mut waits = Box::pin(shutdown.wait_for_signal());
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(waits.as_mut().poll(&mut cx).is_pending());
    }
    assert!(shutdown.trigger("first") && !shutdown.trigger("second"));
    let outcome = shutdown.wait_for_signal().await;
    assert_eq!(outcome.reason.to_string(), "first");
}

#[test]
fn a_program_without_a_runtime_waits_too() {
    let (shutdown, notes_of) = shutdown(ShutdownConfig::new());
    shutdown.on_shutdown(Handler::new("close", notes(&notes_of, "closed"))).unwrap();
    shutdown.trigger("test");
    assert!(shutdown.wait_for_signal_blocking().is_clean());
    assert_eq!(seen(&notes_of), ["closed"]);
}

#[tokio::test(start_paused = true)]
async fn connections_that_are_there_already_are_taken_and_others_are_not() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    shutdown.trigger("test");
    let _ = shutdown.wait_for_signal().await;
    assert_eq!(shutdown.until_draining(std::future::ready(1)).await, None);
    assert_eq!(shutdown.accept(std::future::ready(1)).await, Some(1));
    assert_eq!(shutdown.accept(pending::<u8>()).await, None);
    let mut taken = 0;
    while shutdown.accept(std::future::ready(())).await.is_some() {
        taken += 1;
    }
    assert!(taken <= 1024, "{taken}");
}
