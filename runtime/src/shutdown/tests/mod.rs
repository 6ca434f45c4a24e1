mod configuring;
mod drains;
mod machine;
mod order;
mod registering;
mod starting;
mod telemetry;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// What happened, in order.
type Seen = Arc<Mutex<Vec<String>>>;

/// An operation of a handler that only leaves a note.
fn notes(seen: &Seen, what: &str) -> impl FnOnce() -> std::future::Ready<()> + Send + 'static {
    let (seen, what) = (Arc::clone(seen), what.to_owned());
    move || {
        seen.lock().unwrap().push(what);
        std::future::ready(())
    }
}

fn shutdown(config: ShutdownConfig) -> (GracefulShutdown, Seen) {
    (GracefulShutdown::isolated(config).unwrap(), Seen::default())
}

fn seen(seen: &Seen) -> Vec<String> {
    seen.lock().unwrap().clone()
}
