//! Health and the shutdown's progress, as the page is told of them.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use mainstay_runtime::{
    health::{HealthChecker, Probe},
    shutdown::{self, Progress},
};
use serde::Serialize;

/// What was last known of them, as JSON.
#[derive(Debug)]
pub(crate) struct Conditions(Mutex<Known>);

#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) health: Arc<str>,
    pub(crate) shutdown: Arc<str>,
}

impl Conditions {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Known { health: Arc::from(""), shutdown: Arc::from("") }))
    }

    pub(crate) fn get(&self) -> Known {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks again.
    pub(crate) async fn renew(&self, checker: &HealthChecker) {
        let health = checker.report_async(Probe::Overall).await.to_json();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).health = Arc::from(health);
        self.renew_shutdown();
    }

    /// Asks again how far the shutdown is, which takes no time.
    pub(crate) fn renew_shutdown(&self) {
        let shutdown = serde_json::to_string(&Told::of(&shutdown::progress())).unwrap_or_default();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).shutdown = Arc::from(shutdown);
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Told {
    stage: &'static str,
    reason: Option<String>,
    since_seconds: f64,
    limit_seconds: f64,
    in_flight: Vec<Work>,
    handlers: Vec<Handler>,
}

#[derive(Debug, Serialize)]
struct Work {
    name: String,
    count: u64,
}

#[derive(Debug, Serialize)]
struct Handler {
    name: String,
    phase: &'static str,
    state: &'static str,
    message: Option<String>,
    took_seconds: Option<f64>,
}

impl Told {
    pub(crate) fn of(progress: &Progress) -> Self {
        let work = progress.in_flight.iter();
        let handlers = progress.handlers.iter();
        Self {
            stage: progress.stage.as_str(),
            reason: progress.reason.as_ref().map(ToString::to_string),
            since_seconds: progress.since.as_secs_f64(),
            limit_seconds: progress.limit.as_secs_f64(),
            in_flight: work.map(|work| Work { name: work.name.to_string(), count: work.count }).collect(),
            handlers: handlers
                .map(|handler| Handler {
                    name: handler.name.to_string(),
                    phase: handler.phase.as_str(),
                    state: handler.state.as_str(),
                    message: handler.state.message().map(str::to_owned),
                    took_seconds: handler.took.as_ref().map(Duration::as_secs_f64),
                })
                .collect(),
        }
    }
}
