//! A small program with logging, that tests start with an environment of their choice and watch from outside.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of tests is a test")]

use std::time::Duration;

use mainstay_logging::{Console, LogFile, Logging, SystemReporter, create_logger, setup_logging};

/// Logs while it is written, without end.
struct Logs;

impl std::fmt::Display for Logs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        tracing::info!(value = %Logs, "inner");
        f.write_str("said")
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (what, path) = (arguments.next().unwrap_or_default(), arguments.next().unwrap_or_default());
    match what.as_str() {
        "setup" => {
            let logging = setup_logging("prophet", "info").unwrap();
            tracing::debug!("debug");
            tracing::info!(order = 7, "info");
            tracing::error!("error");
            tracing_log::log::warn!(target: "hyper::proto", "through log");
            assert!(setup_logging("prophet", "info").is_err());
            drop(logging);
            tracing::info!("after the end");
        }
        #[cfg(feature = "local-time")]
        "local" => {
            let logging = Logging::service("prophet").local_time();
            let _logging =
                logging.output(std::io::stdout(), mainstay_logging::Json::default()).install().unwrap();
            tracing::info!("now");
        }
        "stderr" => {
            let _logging = Logging::service("prophet").console(Console::Stderr).install().unwrap();
            tracing::info!("info");
        }
        "many" => {
            let _logging =
                Logging::service("prophet").file(LogFile::new(path)).wait_when_full().install().unwrap();
            (0..100_000).for_each(|n| tracing::info!(n, "line"));
        }
        "exit" => {
            let logging =
                Logging::service("prophet").no_console().file(LogFile::new(path)).install().unwrap();
            (0..1_000).for_each(|n| tracing::info!(n, "line"));
            assert!(logging.flush(Duration::from_secs(60)));
            std::process::exit(3);
        }
        "panic" => {
            let _logging =
                Logging::service("prophet").no_console().file(LogFile::new(path)).install().unwrap();
            tracing::info!("before");
            panic!("on purpose");
        }
        "nested" => {
            let _logging = Logging::service("prophet").json().install().unwrap();
            tracing::info!(value = %Logs, "outer");
            tracing::info_span!("span", value = %Logs).in_scope(|| tracing::info!("in a span"));
        }
        "logger" => {
            let logger = create_logger("your-service").unwrap();
            logger.info("info");
            logger.debug("debug");
            tracing::debug!("other debug");
        }
        "foreign" => {
            tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap();
            println!("{}", create_logger("your-service").unwrap_err());
        }
        verbose => {
            let reporter = SystemReporter::new("prophet", path, verbose.parse().unwrap()).unwrap();
            reporter.error("error");
            reporter.warning("warning");
            reporter.success("success");
            reporter.context("Service").info("info");
            reporter.debug("debug");
            tracing::debug!("other code");
        }
    }
}
