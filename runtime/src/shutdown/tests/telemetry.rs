use super::*;

/// What is seen once there is so much of it. The last lines are waited for no longer than a tenth of a second: the thread
/// that writes them is begun by then, and on a busy machine it may be done later.
fn seen_in_the_end(notes: &Seen, how_many: usize) -> Vec<String> {
    while seen(notes).len() < how_many {
        std::thread::yield_now();
    }
    seen(notes)
}

#[tokio::test]
async fn telemetry_is_sent_behind_the_last_handler_and_logs_at_the_very_end() {
    let (shutdown, notes_of) = shutdown(ShutdownConfig::new());
    let hook = |name: &'static str, what| {
        let seen = Arc::clone(&notes_of);
        shutdown.on_flush(name, what, move |within| {
            assert!(within > Duration::ZERO && within <= 5 * SECOND);
            seen.lock().unwrap().push(name.to_owned());
            true
        })
    };
    let (_logs, _spans) = (hook("logs", Telemetry::Logs), hook("spans", Telemetry::Traces));
    drop(hook("gone", Telemetry::Metrics));
    shutdown.on_shutdown(Handler::new("close", notes(&notes_of, "close"))).unwrap();
    shutdown.trigger("test");
    assert!(shutdown.wait_for_signal().await.is_clean());
    // Twice, because the last line is that all is over.
    assert_eq!(seen_in_the_end(&notes_of, 4), ["close", "spans", "logs", "logs"]);
}

#[tokio::test]
async fn telemetry_that_hangs_or_panics_keeps_nobody_and_costs_the_logs_nothing() {
    let config = ShutdownConfig::new().flush_timeout(Duration::from_millis(200));
    let (shutdown, notes_of) = shutdown(config);
    let (end, hang) = std::sync::mpsc::channel::<()>();
    let hang = Mutex::new(hang);
    let _spans = shutdown.on_flush("spans", Telemetry::Traces, move |_| hang.lock().unwrap().recv().is_ok());
    let _metrics = shutdown.on_flush("metrics", Telemetry::Metrics, |_| panic!("no pusher"));
    let seen_logs = Arc::clone(&notes_of);
    let _logs = shutdown.on_flush("logs", Telemetry::Logs, move |_| {
        seen_logs.lock().unwrap().push("logs".into());
        true
    });
    shutdown.trigger("test");
    let outcome = shutdown.wait_for_signal().await;
    // A collector that is away is no failure of the program.
    assert!(outcome.is_clean());
    assert_eq!(seen_in_the_end(&notes_of, 2), ["logs", "logs"]);
    drop(end);
}
