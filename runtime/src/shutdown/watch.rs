//! The thread that hears signals, and sees to it that the process ends.

use std::{
    future::{Future, poll_fn},
    io,
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use tokio::runtime::Builder;

use super::{
    Outcome, Reason, ShutdownConfig, Signal, aloud::unheard, core::Core, flush::LAST_LOGS, level::Level,
    signals::Signals,
};
use crate::Name;

/// What a program gets beyond its time to return from `main`.
const GRACE: Duration = Duration::from_millis(500);

/// Hears the signals from here on. On a thread and a runtime of its own, because the program's may be blocked.
pub(super) fn start(core: &Arc<Core>, config: ShutdownConfig) -> io::Result<()> {
    if config.wanted_signals().is_empty() {
        return Ok(());
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let signals = {
        let _entered = runtime.enter();
        Signals::new(config.wanted_signals())?
    };
    let core = Arc::clone(core);
    let watch = move || runtime.block_on(watch(&core, signals, config.whole()));
    std::thread::Builder::new().name("mainstay-signals".into()).spawn(watch).map(drop)
}

async fn watch(core: &Core, mut signals: Signals, whole: Duration) {
    let mut bound = pin!(async {
        core.levels.reached(Level::Begun).await;
        tokio::time::sleep(whole + GRACE).await;
    });
    let mut has_come = false;
    loop {
        let mut next = pin!(signals.next());
        let signal = poll_fn(|cx| match bound.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => next.as_mut().poll(cx).map(Some),
        });
        match signal.await {
            None => overdue(core),
            Some(signal) if has_come => second(core, signal),
            Some(signal) => {
                has_come = true;
                if !core.trigger(Reason::Signal(signal)) {
                    tracing::info!(target: "mainstay", %signal, "shutting down already; one more ends the process at once");
                }
            }
        }
    }
}

fn second(core: &Core, signal: Signal) {
    let (progress, code) = (core.progress(), signal.exit_code());
    tracing::warn!(target: "mainstay", %signal, code, "a second signal, exiting at once: {progress}");
    unheard(format_args!("a second signal ({signal}), exiting at once with {code}: {progress}"));
    core.hooks.run_logs(LAST_LOGS);
    std::process::exit(code.into());
}

/// The program's time is up, and it is still here: its runtime is blocked, or something keeps `main` from returning.
fn overdue(core: &Core) {
    let code = Outcome::TIMED_OUT;
    match core.outcome.get() {
        Some(_) => {
            let keeps = kept_by(&core.stuck());
            tracing::error!(target: "mainstay", code, "shut down, and `main` does not end: {keeps}. Exiting");
            unheard(format_args!("shut down, and `main` does not end: {keeps}. Exiting with {code}"));
        }
        None => {
            let progress = core.progress();
            tracing::error!(target: "mainstay", code, "the time to shut down is over, exiting: {progress}");
            unheard(format_args!("the time to shut down is over, exiting with {code}: {progress}"));
        }
    }
    core.hooks.run_logs(LAST_LOGS);
    std::process::exit(code.into());
}

/// What keeps `main` from returning.
fn kept_by(stuck: &[Name]) -> String {
    match stuck {
        [] => "a blocking task may keep it".to_owned(),
        stuck => {
            let names: Vec<_> = stuck.iter().map(|name| format!("`{name}`")).collect();
            format!("blocked by the shutdown handler {}", names.join(", "))
        }
    }
}
