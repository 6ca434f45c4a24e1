use std::{fmt::Display, sync::Arc, time::Duration};

use tracing::Level;

use crate::{
    Logging, LoggingError, LoggingGuard,
    environment::{Variables, of_service},
    filter::SERVICE,
    install, level,
    origin::{self, Origin},
};

/// The logger of one service: its lines carry the service's name, and have fixed fields for what every service does.
///
/// Cloning it copies pointers.
#[derive(Debug, Clone)]
pub struct ServiceLogger {
    service: Arc<str>,
    /// The level of a service that has one of its own.
    own: Option<tracing::level_filters::LevelFilter>,
    /// Of the logging that was set up because there was none.
    _guard: Option<Arc<LoggingGuard>>,
}

/// The logger of the service of that name.
///
/// `{SERVICE}_LOG_LEVEL` says what it logs, else what the program's logging says. If the program has no logging yet, it gets
/// the one of this service with its defaults, which is flushed when the last clone of the logger is dropped.
///
/// # Errors
/// Another subscriber of `tracing` is there already, and it is not ours.
///
/// ```
/// let logger = mainstay_logging::create_logger("prophet-api")?;
/// logger.warning("the cache is cold");
/// # Ok::<(), mainstay_logging::LoggingError>(())
/// ```
pub fn create_logger(service: &str) -> Result<ServiceLogger, LoggingError> {
    let (core, guard) = match install::current() {
        Some(core) => (core, None),
        None => {
            let guard = Logging::service(service).install()?;
            (Arc::clone(&guard.core), Some(Arc::new(guard)))
        }
    };
    // What is wrong there was told when this service's logging was set up, or is told now.
    let name = of_service(service, "LOG_LEVEL");
    let own = Variables::Process.get(&name).and_then(|text| match level::Level::parse(&name, &text) {
        Ok(level) => level.plain(),
        Err(problem) => {
            tracing::warn!(target: "mainstay::logging", "{problem}; the program's level counts instead");
            None
        }
    });
    if own.is_some() {
        core.switch.add_decider();
    }
    Ok(ServiceLogger { service: service.into(), own, _guard: guard })
}

impl ServiceLogger {
    /// The service.
    pub fn service(&self) -> &str {
        &self.service
    }

    fn log(&self, level: Level, log: impl FnOnce()) {
        if self.own.is_some_and(|own| level > own) {
            return;
        }
        let origin = Origin {
            service: Some(Arc::clone(&self.service)),
            is_decided: self.own.is_some(),
            ..Origin::default()
        };
        origin::with(origin, log);
    }

    /// An error: somebody has to look.
    pub fn error(&self, message: impl Display) {
        self.log(Level::ERROR, || tracing::error!(target: SERVICE, "{message}"));
    }

    /// A warning: it went on, but not as it should.
    pub fn warning(&self, message: impl Display) {
        self.log(Level::WARN, || tracing::warn!(target: SERVICE, "{message}"));
    }

    /// What happens in the normal course.
    pub fn info(&self, message: impl Display) {
        self.log(Level::INFO, || tracing::info!(target: SERVICE, "{message}"));
    }

    /// What helps to find a fault.
    pub fn debug(&self, message: impl Display) {
        self.log(Level::DEBUG, || tracing::debug!(target: SERVICE, "{message}"));
    }

    /// A call of the service's interface that was answered: at `error` from status 500 on, at `warn` from 400 on, else at
    /// `info`.
    ///
    /// The fields are `event` (`api_call`), `http.request.method`, `url.path`, `http.response.status_code` and `duration_s`.
    pub fn log_api_call(&self, method: &str, path: &str, status: u16, duration: Duration) {
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    target: SERVICE,
                    event = "api_call",
                    http.request.method = method,
                    url.path = path,
                    http.response.status_code = status,
                    duration_s = duration.as_secs_f64(),
                    "{method} {path} {status} in {duration:.1?}"
                )
            };
        }
        match status {
            500.. => self.log(Level::ERROR, || line!(error)),
            400.. => self.log(Level::WARN, || line!(warn)),
            _ => self.log(Level::INFO, || line!(info)),
        }
    }

    /// An operation of a database: at `info` up to a second, at `warn` beyond.
    ///
    /// The fields are `event` (`database_operation`), `db.operation.name`, `db.collection.name` and `duration_s`.
    pub fn log_database_operation(&self, operation: &str, table: &str, duration: Duration) {
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    target: SERVICE,
                    event = "database_operation",
                    db.operation.name = operation,
                    db.collection.name = table,
                    duration_s = duration.as_secs_f64(),
                    "{operation} {table} in {duration:.1?}"
                )
            };
        }
        match duration > Duration::from_secs(1) {
            true => self.log(Level::WARN, || line!(warn)),
            false => self.log(Level::INFO, || line!(info)),
        }
    }
}
