//! The formats of `tracing-subscriber`, and `env_logger`, which write on the thread that logs.

use std::{hint::black_box, io};

use log::{Level, Log, Record};
use tracing::subscriber::DefaultGuard;

use crate::row::Row;

/// What every row logs through `tracing`. `_guards` keep the row's subscriber.
pub fn line<G>(_guards: &G) {
    tracing::info!(order = black_box(7_u64), customer = "ada", share = 0.5, "charged");
}

fn under(level: tracing::Level) -> DefaultGuard {
    let subscriber = tracing_subscriber::fmt().json().with_max_level(level).with_writer(io::sink).finish();
    tracing::subscriber::set_default(subscriber)
}

pub fn tracing_json() -> Row {
    Row::per_thread("tracing-subscriber", |_| {
        let guard = under(tracing::Level::INFO);
        move || line(&guard)
    })
}

pub fn tracing_left_out() -> Row {
    Row::per_thread("tracing-subscriber", |_| {
        let guard = under(tracing::Level::INFO);
        move || {
            let _ = &guard;
            tracing::debug!(order = 7, "left out");
        }
    })
}

/// No JSON, and the fields in the message.
pub fn env_logger() -> Row {
    let target = env_logger::Target::Pipe(Box::new(io::sink()));
    let logger = env_logger::Builder::new().filter_level(log::LevelFilter::Info).target(target).build();
    Row::new("log + env_logger, plain text", move || {
        logger.log(
            &Record::builder()
                .level(Level::Info)
                .target("benches")
                .args(format_args!("charged order={} customer=ada share=0.5", black_box(7_u64)))
                .build(),
        );
    })
    .aside()
}
