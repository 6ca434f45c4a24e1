use std::{
    future::pending,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::shutdown::*;

const SECOND: Duration = Duration::from_secs(1);

type Seen = Arc<Mutex<Vec<&'static str>>>;

fn notes(seen: &Seen, what: &'static str) -> impl FnOnce() -> std::future::Ready<()> + Send + 'static {
    let seen = Arc::clone(seen);
    move || {
        seen.lock().unwrap().push(what);
        std::future::ready(())
    }
}

fn shutdown(config: ShutdownConfig) -> (GracefulShutdown, Seen) {
    (GracefulShutdown::isolated(config).unwrap(), Seen::default())
}

#[tokio::test(start_paused = true)]
async fn handlers_run_by_phase_and_in_the_order_in_which_they_are_registered() {
    let (shutdown, seen) = shutdown(ShutdownConfig::new());
    for (name, phase) in [
        ("close 1", Phase::Close),
        ("stop", Phase::Stop),
        ("close 2", Phase::Close),
        ("announce", Phase::Announce),
        ("flush", Phase::Flush),
    ] {
        shutdown.on_shutdown(Handler::new(name, notes(&seen, name)).phase(phase)).unwrap();
    }
    shutdown.trigger("test");
    let outcome = shutdown.wait_for_signal().await;
    assert_eq!(*seen.lock().unwrap(), ["announce", "stop", "flush", "close 1", "close 2"]);
    assert!(outcome.is_clean());
    assert_eq!(shutdown.progress().stage, Stage::Ended);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_fails_panics_or_hangs_stops_no_other() {
    let (shutdown, seen) = shutdown(ShutdownConfig::new());
    shutdown.on_shutdown(Handler::new("fails", || async { Err::<(), _>("disk full") })).unwrap();
    shutdown.on_shutdown(Handler::new("panics", || async { panic!("lost {}", 1) })).unwrap();
    shutdown.on_shutdown(Handler::new("hangs", pending::<()>).timeout(2 * SECOND)).unwrap();
    shutdown.on_shutdown(Handler::new("runs", notes(&seen, "runs"))).unwrap();
    shutdown.trigger("test");
    let outcome = shutdown.wait_for_signal().await;
    let states: Vec<_> = outcome.handlers.iter().map(|handler| handler.state.clone()).collect();
    assert_eq!(
        states,
        [
            HandlerState::Failed("disk full".into()),
            HandlerState::Panicked("lost 1".into()),
            HandlerState::TimedOut,
            HandlerState::Done
        ]
    );
    assert_eq!(outcome.still_running(), ["hangs"]);
    assert_eq!((outcome.code(), outcome.took), (Outcome::TIMED_OUT, 2 * SECOND));
}
