use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use mainstay_logging::{Json, Logging, LoggingGuard};
use serde_json::Value;
use tracing_subscriber::layer::SubscriberExt;

pub(crate) const SOON: Duration = Duration::from_secs(60);

/// A place whose contents can be read.
#[derive(Clone, Default)]
pub(crate) struct Page(Arc<Mutex<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Page {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    pub(crate) fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Logging that reads no variables and writes to a page only.
pub(crate) fn quiet() -> Logging {
    Logging::service("prophet").no_console().variables([("APP_ENV", "test")])
}

/// Runs `log` under `logging` with a page of JSON, and gives its lines.
pub(crate) fn lines(logging: Logging, log: impl FnOnce(&LoggingGuard)) -> Vec<Value> {
    let page = Page::default();
    under(logging.output(page.clone(), Json::default()), log);
    page.lines()
}

/// Runs `log` under `logging`, and ends it.
pub(crate) fn under(logging: Logging, log: impl FnOnce(&LoggingGuard)) {
    let (layer, guard) = logging.layer().unwrap();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || log(&guard));
    assert_eq!(guard.shutdown(SOON).lost, 0);
}

pub(crate) fn messages(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["message"].as_str().unwrap()).collect()
}
