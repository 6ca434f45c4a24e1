use super::*;

fn handler(name: &str) -> Handler {
    Handler::new(name.to_owned(), || async {})
}

#[test]
fn a_name_is_taken_once() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    shutdown.on_shutdown(handler("pool")).unwrap();
    let error = shutdown.on_shutdown(handler("pool")).unwrap_err().to_string();
    assert!(error.contains("registering.rs:") && error.contains("called `pool` already"), "{error}");
}

#[test]
fn what_main_prints_of_an_error_is_its_text() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    shutdown.on_shutdown(handler("pool")).unwrap();
    let error = shutdown.on_shutdown(handler("pool")).unwrap_err();
    assert_eq!(format!("{error:?}"), error.to_string());
    assert!(format!("{error:?}").contains("give one of them another name"), "{error:?}");
}

#[test]
fn a_handler_without_a_name_or_time_is_refused_at_its_place() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    for (wrong, option) in
        [(handler(" "), "`name`: "), (handler("pool").timeout(Duration::ZERO), "`pool`: `timeout`: ")]
    {
        let error = shutdown.on_shutdown(wrong).unwrap_err().to_string();
        assert!(error.contains("registering.rs:") && error.contains(option), "{error}");
    }
    assert!(shutdown.progress().handlers.is_empty());
}

#[test]
fn handlers_that_wait_for_each_other_are_named() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    shutdown.on_shutdown(handler("a").after("b")).unwrap();
    shutdown.on_shutdown(handler("b").after("c")).unwrap();
    let error = shutdown.on_shutdown(handler("c").after("a")).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("`a` after `b` after `c` after `a`"), "{text}");
    assert!(text.starts_with("runtime/src/shutdown/tests/registering.rs:"), "{text}");
    // It was not taken, and another may come in its place.
    shutdown.on_shutdown(handler("c")).unwrap();
    let alone = shutdown.on_shutdown(handler("d").after("d")).unwrap_err().to_string();
    assert!(alone.contains("`d` after `d`"), "{alone}");
}

#[test]
fn a_handler_cannot_come_after_one_of_a_later_phase() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    shutdown.on_shutdown(handler("pool")).unwrap();
    let early = handler("buffer").phase(Phase::Flush).after("pool");
    let error = shutdown.on_shutdown(early).unwrap_err().to_string();
    assert!(
        error.contains("phase `flush` comes after `pool`, which runs later, in the phase `close`"),
        "{error}"
    );
    shutdown.on_shutdown(handler("last").after("first")).unwrap();
    shutdown.on_shutdown(handler("first").phase(Phase::Stop)).unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_unknown_name_is_told_at_the_start_with_its_place_and_those_that_there_are() {
    let (shutdown, _) = shutdown(ShutdownConfig::new());
    shutdown.on_shutdown(handler("pool").after("shop::orders::flush")).unwrap();
    shutdown.on_shutdown(handler("shop::order::flush")).unwrap();
    let outcome = shutdown.wait_for_signal().await;
    let error = outcome.error.unwrap();
    assert!(error.starts_with("runtime/src/shutdown/tests/registering.rs:"), "{error}");
    assert!(error.contains("`pool` comes after `shop::orders::flush`, which is none"), "{error}");
    assert!(error.contains("did you mean `shop::order::flush`?"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_come_while_it_shuts_down_unless_its_phase_is_over() {
    let (shutdown, notes_of) = shutdown(ShutdownConfig::new());
    let (inner, late) = (shutdown.clone(), notes(&notes_of, "late"));
    let opens = Handler::new("opens", || async move {
        inner.on_shutdown(Handler::new("late", late)).unwrap();
        let error = inner.on_shutdown(handler("too late").phase(Phase::Stop)).unwrap_err().to_string();
        assert!(error.contains("the phase `stop` is over"), "{error}");
        let unknown = inner.on_shutdown(handler("lost").after("nobody")).unwrap_err();
        assert!(matches!(unknown, ShutdownError::UnknownAfter { .. }));
    });
    shutdown.on_shutdown(opens.phase(Phase::Flush)).unwrap();
    shutdown.trigger("test");
    assert!(shutdown.wait_for_signal().await.is_clean());
    assert_eq!(seen(&notes_of), ["late"]);
    assert!(matches!(shutdown.on_shutdown(handler("dead")), Err(ShutdownError::TooLate { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_handler_can_be_taken_back() {
    let (shutdown, notes_of) = shutdown(ShutdownConfig::new());
    let registration = shutdown.on_shutdown(Handler::new("pool", notes(&notes_of, "pool"))).unwrap();
    assert!(registration.remove() && !registration.remove());
    shutdown.on_shutdown(Handler::new("pool", notes(&notes_of, "another pool"))).unwrap();
    shutdown.trigger("test");
    assert!(shutdown.wait_for_signal().await.is_clean());
    assert_eq!(seen(&notes_of), ["another pool"]);
    assert!(!registration.remove());
}
