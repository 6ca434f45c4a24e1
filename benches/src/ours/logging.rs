use std::io;

use mainstay::logging::{Json, Logging, LoggingGuard};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::{Registry, layer::SubscriberExt};

use super::WHO;
use crate::{peers::logging::line, row::Row};

/// On this thread until the guards go: the subscriber before the thread that writes.
fn under(logging: Logging) -> (DefaultGuard, LoggingGuard) {
    let logging = logging.level("info").no_console().wait_when_full().without_log();
    let (layer, guard) = logging.output(io::sink(), Json::default()).layer().expect("nothing to refuse");
    (tracing::subscriber::set_default(Registry::default().with(layer)), guard)
}

fn logging() -> Logging {
    Logging::service("benches").variables([("APP_ENV", "production")])
}

/// A line of three fields as JSON, redacted, handed to the thread that writes.
pub fn json() -> Row {
    Row::per_thread(WHO, |_| {
        let guards = under(logging());
        move || line(&guards)
    })
}

/// The same for those who know that no secret is in their lines.
pub fn json_as_it_is() -> Row {
    Row::per_thread("mainstay, not redacted", |_| {
        let guards = under(logging().without_redaction());
        move || line(&guards)
    })
}

/// A line that the level leaves out.
pub fn left_out() -> Row {
    Row::per_thread(WHO, |_| {
        let guards = under(logging());
        move || {
            let _ = &guards;
            tracing::debug!(order = 7, "left out");
        }
    })
}
