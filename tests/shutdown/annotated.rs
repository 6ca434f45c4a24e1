//! The functions under `#[on_shutdown]` that every program of these tests has.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use mainstay::{on_shutdown, retry, shutdown};

use crate::{lines::say, programs::program};

const A_WHILE: Duration = Duration::from_secs(2);

#[on_shutdown]
async fn close_database() {
    say("closed the database");
}

#[on_shutdown(phase = announce)]
fn deregister() {
    say("deregistered");
}

#[on_shutdown("the orders", phase = flush)]
async fn flush_orders() -> Result<(), String> {
    say("flushed the orders");
    Ok(())
}

/// Needs what `flush_orders` and a handler that is registered later leave behind.
#[on_shutdown(phase = flush, after(flush_orders, "the index"))]
fn flush_mails() {
    say("flushed the mails");
}

#[on_shutdown(name = "the consumers", phase = stop, timeout = A_WHILE)]
async fn stop_consumers() {
    match program().as_str() {
        "hanging" => std::future::pending().await,
        "panicking" => panic!("the consumers are gone"),
        "failing" => {}
        _ => say("stopped the consumers"),
    }
}

/// Other attributes stand around it as around any function.
#[on_shutdown(phase = stop, after = "the consumers")]
#[retry(max_attempts = 2, initial_delay = "1ms")]
async fn stop_timers() -> Result<(), Broken> {
    static TRIES: AtomicU32 = AtomicU32::new(0);
    if TRIES.fetch_add(1, Ordering::Relaxed) == 0 {
        return Err(Broken::Busy);
    }
    say("stopped the timers at the second try");
    Ok(())
}

#[retry(max_attempts = 2, initial_delay = "1ms")]
#[on_shutdown(phase = stop, after = stop_timers, timeout = "5s")]
async fn fails_at_times() -> Result<(), Broken> {
    if program() == "failing" {
        say("tried");
        return Err(Broken::Busy);
    }
    Ok(())
}

#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("the disk is busy")]
    Busy,
    #[error(transparent)]
    Refused(#[from] mainstay::Error),
}

pub(crate) fn register_the_index() {
    let index = shutdown::Handler::blocking("the index", || say("saved the index"));
    shutdown::on_shutdown(index.phase(shutdown::Phase::Flush)).unwrap();
}

/// What the functions say when all goes well.
#[cfg(unix)]
pub(crate) const IN_ORDER: [&str; 7] = [
    "deregistered",
    "stopped the consumers",
    "stopped the timers at the second try",
    "flushed the orders",
    "saved the index",
    "flushed the mails",
    "closed the database",
];
