use super::*;

#[test]
fn times_that_leave_nothing_are_refused() {
    let config = ShutdownConfig::new();
    for (wrong, option) in [
        (config.timeout(Duration::ZERO), "timeout"),
        (config.handler_timeout(Duration::ZERO), "handler_timeout"),
        (config.flush_timeout(30 * SECOND), "flush_timeout"),
        (config.pre_drain(25 * SECOND), "pre_drain"),
        (config.drain_timeout(25 * SECOND), "drain_timeout"),
    ] {
        assert_eq!(wrong.check().unwrap_err().option(), option);
        assert!(GracefulShutdown::isolated(wrong).is_err());
    }
    assert_eq!(config.check(), Ok(()));
    assert_eq!(config.timeout(Duration::MAX).check(), Ok(()));
}

#[test]
fn the_environment_overrules_the_program() {
    let read = |pairs: &'static [(&str, &str)]| {
        ShutdownConfig::new().with_variables(|name| {
            pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    };
    let given = read(&[
        ("SHUTDOWN_TIMEOUT", "25"),
        ("SHUTDOWN_PRE_DRAIN", "1500ms"),
        ("SHUTDOWN_DRAIN_TIMEOUT", "0.2m"),
    ]);
    let expected = ShutdownConfig::new()
        .timeout(25 * SECOND)
        .pre_drain(Duration::from_millis(1500))
        .drain_timeout(12 * SECOND);
    assert_eq!(given.unwrap(), expected);
    let too_long = read(&[("SHUTDOWN_DRAIN_TIMEOUT", "30")]).unwrap();
    let error = GracefulShutdown::isolated(too_long).unwrap_err().to_string();
    assert!(error.starts_with("`drain_timeout`: ") && error.contains("SHUTDOWN_DRAIN_TIMEOUT"), "{error}");
    for wrong in ["", "x", "5 parsecs", "-1", "1e400", "."] {
        let error = ShutdownConfig::new().with_variables(|_| Some(wrong.to_owned())).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("SHUTDOWN_TIMEOUT is {wrong:?}, which is no duration")),
            "{error}"
        );
    }
}

#[test]
fn signals_have_the_exit_codes_of_shells() {
    let codes = [Signal::Hangup, Signal::Interrupt, Signal::Quit, Signal::Terminate].map(Signal::exit_code);
    assert_eq!(codes, [129, 130, 131, 143]);
}

#[tokio::test(start_paused = true)]
async fn progress_tells_what_runs_and_what_has_run() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    assert_eq!(shutdown.progress().to_string(), "running");
    shutdown.on_shutdown(Handler::new("quick", || async { Err::<(), _>("disk full") })).unwrap();
    let (inner, progress) = (shutdown.clone(), Arc::new(Mutex::new(None)));
    let kept = Arc::clone(&progress);
    let looks = Handler::new("looks", || async move {
        crate::clock::sleep(2 * SECOND).await;
        *kept.lock().unwrap() = Some(inner.progress());
    });
    shutdown.on_shutdown(looks.timeout(4 * SECOND)).unwrap();
    shutdown.trigger(Signal::Terminate);
    let _ = shutdown.wait_for_signal().await;
    let progress = progress.lock().unwrap().take().unwrap();
    assert_eq!((progress.stage, progress.stage_for), (Stage::Handlers(Phase::Close), 2 * SECOND));
    assert_eq!((progress.since, progress.left()), (2 * SECOND, 28 * SECOND));
    assert_eq!(
        progress.to_string(),
        "close (SIGTERM), 2.0s of 30s\n    close quick: failed 0.0ns: disk full\n    close looks: running 2.0s"
    );
    assert_eq!(progress.handlers[1].limit, Some(4 * SECOND));
}
