//! What `ending.rs` runs as a process of its own.

use std::time::Duration;

use mainstay_otlp::{TracingConfig, setup_tracing};

use crate::support::{LONG, spans};

pub(crate) const WORK: &str = "MAINSTAY_OTLP_CHILD";

#[test]
#[ignore = "run by others as a process of its own"]
fn works() {
    // `cargo test -- --ignored` runs it without a word.
    let Ok(work) = std::env::var(WORK) else { return };
    let tracing = setup_tracing(TracingConfig::from_env()).unwrap_or_else(|error| panic!("{error}"));
    let deadline = match work.as_str() {
        "many" => {
            spans(100_000);
            LONG
        }
        "hasty" => {
            spans(10);
            Duration::from_millis(1)
        }
        _ => {
            spans(10);
            return;
        }
    };
    let report = tracing.shutdown(deadline);
    // The runner has begun a line.
    println!("\nexported={}\ndropped={}", report.exported, report.dropped);
}
