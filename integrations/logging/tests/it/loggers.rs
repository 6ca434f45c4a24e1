use std::{fs, path::Path, time::Duration};

use mainstay_logging::{Category, Emoji, Json, Pretty, ServiceLogger, SystemReporter, create_logger};
use serde_json::json;

use crate::support::{Page, SOON, lines, messages, quiet, under};

fn logger() -> ServiceLogger {
    create_logger("orders").unwrap()
}

#[test]
fn a_service_logger_names_its_service_and_writes_fixed_fields() {
    let lines = lines(quiet(), |_| {
        let logger = logger();
        assert_eq!(logger.service(), "orders");
        logger.info("ready");
        logger.log_api_call("GET", "/users?token=abc", 200, Duration::from_millis(145));
        logger.log_api_call("GET", "/users", 404, Duration::ZERO);
        logger.log_api_call("GET", "/users", 503, Duration::ZERO);
        logger.log_database_operation("SELECT", "users", Duration::from_millis(23));
        logger.log_database_operation("SELECT", "users", Duration::from_millis(1_001));
        logger.clone().error("failed");
        tracing::info!("another's");
    });
    assert!(lines[..7].iter().all(|line| line["service"] == "orders" && line["target"] == "service"));
    assert_eq!(lines[7]["service"], json!("prophet"));
    let call = &lines[1];
    assert_eq!(call["message"], json!("GET /users?token=[redacted] 200 in 145.0ms"));
    assert_eq!((&call["event"], &call["http.request.method"]), (&json!("api_call"), &json!("GET")));
    assert_eq!(
        (&call["url.path"], &call["http.response.status_code"]),
        (&json!("/users?token=[redacted]"), &json!(200))
    );
    assert_eq!(call["duration_s"], json!(0.145));
    let levels: Vec<_> = lines.iter().map(|line| line["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["info", "info", "warn", "error", "info", "warn", "error", "info"]);
    let operation = &lines[4];
    assert_eq!(
        (&operation["event"], &operation["message"]),
        (&json!("database_operation"), &json!("SELECT users in 23.0ms"))
    );
    assert_eq!(
        (&operation["db.operation.name"], &operation["db.collection.name"]),
        (&json!("SELECT"), &json!("users"))
    );
    assert_eq!(operation["duration_s"], json!(0.023));
}

#[test]
fn what_all_code_logs_at_one_place_is_sampled_by_its_message() {
    let lines = lines(quiet().sample(1, Duration::from_secs(3600)), |_| {
        let logger = logger();
        ["a", "b", "a", "a"].iter().for_each(|message| logger.info(message));
    });
    assert_eq!(messages(&lines), ["a", "b", "a … repeated 2 times"]);
}

fn report(reporter: &SystemReporter) {
    reporter.error(format!("{} failed", Emoji::ERROR));
    reporter.warning("careful");
    reporter.success("done");
    reporter.context("Service").info(format!("{} Operation completed", Emoji::SUCCESS));
    reporter.debug("deep");
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn a_reporters_file_has_all_its_lines_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let page = Page::default();
    under(quiet().output(page.clone(), Json::default()), |logging| {
        let reporter = SystemReporter::new("my service", folder.path(), 0).unwrap();
        let other = SystemReporter::new("other", folder.path(), 0).unwrap();
        report(&reporter);
        other.info("the other's");
        tracing::info!("code");
        tracing::debug!("not logged");
        assert!(reporter.flush(SOON));
        let text = read(folder.path(), "my_service.log");
        let levels: Vec<_> = text.lines().map(|line| line[13..18].trim()).collect();
        assert_eq!(levels, ["ERROR", "WARN", "OK", "INFO", "DEBUG"], "{text}");
        assert!(text.contains("✅ Operation completed  reporter=\"my service\"  context=Service"), "{text}");
        assert!(logging.flush(SOON));
        drop(reporter);
        drop(other);
        tracing::debug!("still not logged");
        assert!(!tracing::enabled!(tracing::Level::DEBUG));
    });
    assert_eq!(read(folder.path(), "other.log").lines().count(), 1);
    let lines = page.lines();
    let expected = ["❌ failed", "careful", "done", "✅ Operation completed", "deep", "the other's", "code"];
    assert_eq!(messages(&lines), expected);
    assert_eq!((&lines[3]["reporter"], &lines[3]["context"]), (&json!("my service"), &json!("Service")));
    assert_eq!((&lines[2]["success"], lines[0].get("context")), (&json!(true), None));
}

#[test]
fn a_reporter_without_its_folder_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    under(quiet().output(Page::default(), Pretty::new(false)), |_| {
        assert!(SystemReporter::new("a", folder.path().join("file"), 1).is_err());
    });
}

#[test]
fn every_emoji_is_a_picture_of_its_own_in_a_category() {
    let mut seen = std::collections::HashSet::new();
    for emoji in Emoji::ALL {
        assert!(seen.insert(emoji.as_str()) && !emoji.as_str().is_ascii(), "{emoji:?}");
        assert!(Emoji::of(emoji.category()).any(|other| other == *emoji));
    }
    assert_eq!((Emoji::SUCCESS.to_string(), Emoji::SUCCESS.category()), ("✅".into(), Category::Status));
}
