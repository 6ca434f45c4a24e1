use mainstay_logging::{Logging, LoggingError};
use mainstay_runtime::bulkhead::Bulkhead;
use tracing_subscriber::layer::SubscriberExt;

use crate::support::{lines, messages, quiet};

#[test]
fn the_level_is_changed_while_the_program_runs() {
    let lines = lines(quiet().level("warn"), |logging| {
        tracing::info!("1");
        logging.set_level("debug").unwrap();
        assert_eq!(logging.level(), "debug");
        tracing::debug!("2");
        logging.handle().set_level("INFO,it=error").unwrap();
        tracing::warn!("3");
        tracing::info!(target: "elsewhere", "4");
        logging.set_level("loud").unwrap_err();
        tracing::error!("5");
        logging.set_level("off").unwrap();
        tracing::error!("6");
    });
    assert_eq!(messages(&lines), ["2", "4", "5"]);
}

#[test]
fn a_directive_may_speak_of_spans() {
    let lines = lines(quiet().level("warn,[charge]=debug"), |_| {
        tracing::debug!("outside");
        tracing::warn_span!("charge").in_scope(|| tracing::debug!("inside"));
    });
    assert_eq!(messages(&lines), ["inside"]);
}

#[test]
fn variables_come_before_the_code_and_a_wrong_one_is_told_and_passed_over() {
    let level = |variables: &[(&str, &str)]| {
        let logging =
            Logging::service("prophet-api").no_console().level("error").variables(variables.iter().copied());
        let (layer, guard) = logging.layer().unwrap();
        let _subscriber = tracing_subscriber::registry().with(layer);
        (guard.level(), guard.problems().iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(level(&[]), ("error".into(), vec![]));
    assert_eq!(level(&[("LOG_LEVEL", "info")]).0, "info");
    assert_eq!(level(&[("LOG_LEVEL", "info"), ("PROPHET_API_LOG_LEVEL", "Debug")]).0, "debug");
    let (found, problems) = level(&[("PROPHET_API_LOG_LEVEL", "verbose"), ("LOG_LEVEL", "warn")]);
    assert_eq!(found, "warn");
    let expected = "`PROPHET_API_LOG_LEVEL` is \"verbose\": \"verbose\" is no level; write off, error, warn, info, debug or trace, or directives such as `info,hyper=warn`";
    assert_eq!(problems, [expected]);
}

#[test]
fn a_wrong_level_in_code_is_an_error() {
    let error = quiet().level("loud").layer::<tracing_subscriber::Registry>().map(drop).unwrap_err();
    assert!(matches!(error, LoggingError::Level { ref place, .. } if place == "level"), "{error}");
}

#[test]
fn a_level_that_is_off_makes_no_refusal_be_written_down() {
    let bulkhead = Bulkhead::builder(1).build("quiet").unwrap();
    let lines = lines(quiet().level("info"), |_| {
        let _permit = bulkhead.try_enter().unwrap();
        assert!(bulkhead.try_enter().is_err());
        assert!(!tracing::enabled!(tracing::Level::DEBUG));
    });
    assert_eq!(lines.len(), 0);
}
