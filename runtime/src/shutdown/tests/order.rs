use std::future::pending;

use super::*;
use crate::clock;

#[tokio::test(start_paused = true)]
async fn handlers_run_by_phase_and_in_the_order_in_which_they_are_registered() {
    let (shutdown, notes_of) = shutdown(ShutdownConfig::new());
    for (name, phase) in [
        ("close 1", Phase::Close),
        ("stop", Phase::Stop),
        ("close 2", Phase::Close),
        ("announce", Phase::Announce),
        ("flush", Phase::Flush),
    ] {
        shutdown.on_shutdown(Handler::new(name, notes(&notes_of, name)).phase(phase)).unwrap();
    }
    shutdown.trigger("test");
    let outcome = shutdown.wait_for_signal().await;
    assert_eq!(seen(&notes_of), ["announce", "stop", "flush", "close 1", "close 2"]);
    assert!(outcome.is_clean());
    assert_eq!((outcome.code(), shutdown.progress().stage), (0, Stage::Ended));
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_fails_panics_or_hangs_stops_no_other() {
    let (shutdown, notes_of) = shutdown(ShutdownConfig::new());
    shutdown.on_shutdown(Handler::new("fails", || async { Err::<(), _>("disk full") })).unwrap();
    shutdown.on_shutdown(Handler::new("panics", || async { panic!("lost {}", 1) })).unwrap();
    shutdown.on_shutdown(Handler::blocking("panics too", || panic!("lost"))).unwrap();
    shutdown.on_shutdown(Handler::new("hangs", pending::<()>).timeout(2 * SECOND)).unwrap();
    shutdown.on_shutdown(Handler::new("runs", notes(&notes_of, "runs"))).unwrap();
    shutdown.trigger("test");
    let outcome = shutdown.wait_for_signal().await;
    let states: Vec<_> = outcome.handlers.iter().map(|handler| handler.state.clone()).collect();
    assert_eq!(
        states,
        [
            HandlerState::Failed("disk full".into()),
            HandlerState::Panicked("lost 1".into()),
            HandlerState::Panicked("lost".into()),
            HandlerState::TimedOut,
            HandlerState::Done
        ]
    );
    assert_eq!(outcome.still_running(), ["hangs"]);
    assert_eq!(outcome.code(), Outcome::TIMED_OUT);
}

#[tokio::test(start_paused = true)]
async fn a_failure_alone_ends_the_process_with_one() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    shutdown.on_shutdown(Handler::new("fails", || async { Err::<(), _>("disk full") })).unwrap();
    shutdown.trigger("test");
    let outcome = shutdown.wait_for_signal().await;
    assert_eq!((outcome.code(), outcome.is_clean()), (Outcome::FAILED, false));
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_hangs_leaves_each_of_the_others_its_share() {
    let config = ShutdownConfig::new().timeout(12 * SECOND).flush_timeout(2 * SECOND);
    let (shutdown, notes_of) = shutdown(config);
    for name in ["hangs 1", "hangs 2", "hangs 3", "hangs 4"] {
        shutdown.on_shutdown(Handler::new(name, pending::<()>)).unwrap();
    }
    shutdown.on_shutdown(Handler::new("runs", notes(&notes_of, "runs"))).unwrap();
    shutdown.trigger("test");
    let outcome = shutdown.wait_for_signal().await;
    assert_eq!(seen(&notes_of), ["runs"]);
    let limits: Vec<_> = outcome.handlers.iter().filter_map(|handler| handler.limit).collect();
    assert_eq!(limits, [2 * SECOND; 5]);
    assert_eq!(outcome.took, 8 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn no_shutdown_takes_longer_than_its_time_whatever_its_handlers_ask_for() {
    let (shutdown, _) = shutdown(ShutdownConfig::new().timeout(6 * SECOND).pre_drain(SECOND));
    let long = Duration::from_secs(3600);
    for name in ["1", "2", "3"] {
        shutdown.on_shutdown(Handler::new(name, pending::<()>).timeout(long)).unwrap();
    }
    shutdown.trigger("test");
    let outcome = shutdown.wait_for_signal().await;
    // Nothing has to be sent, so that its time is not used up.
    assert_eq!(outcome.took, 5 * SECOND);
    let states: Vec<_> = outcome.handlers.iter().map(|handler| handler.state.as_str()).collect();
    assert_eq!(states, ["timed_out", "not_run", "not_run"]);
    assert_eq!(outcome.still_running(), ["1", "2", "3"]);
}

#[tokio::test(start_paused = true)]
async fn a_handler_runs_after_those_that_it_names_also_if_they_fail() {
    for order in [Order::OneByOne, Order::SideBySide] {
        let (shutdown, notes_of) = shutdown(ShutdownConfig::new().order(order));
        shutdown
            .on_shutdown(Handler::new("pool", notes(&notes_of, "pool")).after("orders").after("mails"))
            .unwrap();
        let orders = notes(&notes_of, "orders");
        let orders = Handler::new("orders", || async move {
            clock::sleep(SECOND).await;
            orders().await;
            Err::<(), _>("one is lost")
        });
        shutdown.on_shutdown(orders.after("mails")).unwrap();
        shutdown.on_shutdown(Handler::new("mails", notes(&notes_of, "mails"))).unwrap();
        shutdown.trigger("test");
        let outcome = shutdown.wait_for_signal().await;
        assert_eq!(seen(&notes_of), ["mails", "orders", "pool"]);
        assert_eq!(outcome.code(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn side_by_side_what_hangs_delays_only_what_comes_after_it() {
    let (shutdown, _) = shutdown(ShutdownConfig::new().order(Order::SideBySide));
    shutdown.on_shutdown(Handler::new("hangs", pending::<()>).timeout(3 * SECOND)).unwrap();
    shutdown.on_shutdown(Handler::new("quick", || clock::sleep(SECOND))).unwrap();
    shutdown.on_shutdown(Handler::new("waits", || clock::sleep(SECOND)).after("hangs")).unwrap();
    shutdown.trigger("test");
    let outcome = shutdown.wait_for_signal().await;
    let took: Vec<_> = outcome.handlers.iter().filter_map(|handler| handler.took).collect();
    assert_eq!((took, outcome.took), (vec![3 * SECOND, SECOND, SECOND], 4 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_sync_handler_that_hangs_is_left_behind() {
    let (shutdown, notes_of) = shutdown(ShutdownConfig::new());
    let (end, hang) = std::sync::mpsc::channel::<()>();
    let hangs = Handler::blocking("hangs", move || hang.recv()).timeout(SECOND);
    shutdown.on_shutdown(hangs).unwrap();
    shutdown.on_shutdown(Handler::new("runs", notes(&notes_of, "runs"))).unwrap();
    shutdown.trigger("test");
    let outcome = shutdown.wait_for_signal().await;
    assert_eq!((seen(&notes_of), outcome.still_running()), (vec!["runs".to_owned()], vec!["hangs"]));
    drop(end);
}

#[tokio::test]
async fn a_sync_handler_may_use_the_runtime_that_it_stands_on() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    let asks = || tokio::runtime::Handle::current().block_on(async { Ok::<_, std::io::Error>(()) });
    shutdown.on_shutdown(Handler::blocking("asks", asks)).unwrap();
    shutdown.trigger("test");
    assert!(shutdown.wait_for_signal().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_use_what_another_one_closes_after_it() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    let pool = Arc::new(Mutex::new(Some(Vec::new())));
    let (writes, closes) = (Arc::clone(&pool), Arc::clone(&pool));
    let close = move || async move {
        closes.lock().unwrap().take().filter(Vec::is_empty).map_or(Ok(()), |_| Err("empty"))
    };
    shutdown.on_shutdown(Handler::new("pool", close).after("buffer")).unwrap();
    let write =
        move || async move { writes.lock().unwrap().as_mut().map(|rows| rows.push(1)).ok_or("closed") };
    shutdown.on_shutdown(Handler::new("buffer", write)).unwrap();
    shutdown.trigger("test");
    assert!(shutdown.wait_for_signal().await.is_clean());
}
