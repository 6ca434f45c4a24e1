//! The thread that hears signals, and sees to it that the process ends.

use std::{future::poll_fn, io, sync::Arc, task::Poll, time::Duration};

use tokio::{
    runtime::{Builder, Runtime},
    signal::unix::{self, SignalKind},
};

use super::{Outcome, Reason, ShutdownConfig, Signal, core::Core, level::Level};

/// What a program gets beyond its time to return from `main`.
const GRACE: Duration = Duration::from_millis(500);

/// How long a second signal waits for the logs.
const LAST_LOGS: Duration = Duration::from_millis(100);

/// Hears the signals from here on. On a thread and a runtime of its own, because the program's may be blocked.
pub(super) fn start(core: &Arc<Core>, config: ShutdownConfig) -> io::Result<()> {
    if config.wanted_signals().is_empty() {
        return Ok(());
    }
    let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
    let signals = {
        let _entered = runtime.enter();
        let hear = |signal: &Signal| Ok((*signal, unix::signal(SignalKind::from_raw(signal.number()))?));
        config.wanted_signals().iter().map(hear).collect::<io::Result<Vec<_>>>()?
    };
    let core = Arc::clone(core);
    std::thread::Builder::new()
        .name("mainstay-signals".into())
        .spawn(move || watch(&core, &runtime, signals, config.whole()))
        .map(drop)
}

fn watch(core: &Arc<Core>, runtime: &Runtime, mut signals: Vec<(Signal, unix::Signal)>, whole: Duration) {
    let bound = {
        let core = Arc::clone(core);
        async move {
            core.levels.reached(Level::Begun).await;
            tokio::time::sleep(whole + GRACE).await;
        }
    };
    runtime.block_on(async {
        let mut bound = std::pin::pin!(bound);
        let mut has_come = false;
        loop {
            let signal = poll_fn(|cx| {
                if std::future::Future::poll(bound.as_mut(), cx).is_ready() {
                    return Poll::Ready(None);
                }
                let mut heard = signals.iter_mut();
                match heard.find_map(|(signal, stream)| stream.poll_recv(cx).is_ready().then_some(*signal)) {
                    Some(signal) => Poll::Ready(Some(signal)),
                    None => Poll::Pending,
                }
            });
            match signal.await {
                None => overdue(core),
                Some(signal) if has_come => second(core, signal),
                Some(signal) => {
                    has_come = true;
                    if !core.trigger(Reason::Signal(signal)) {
                        tracing::info!(target: "mainstay", %signal, "shutting down already; once more ends the process at once");
                    }
                }
            }
        }
    });
}

fn second(core: &Core, signal: Signal) {
    let (progress, code) = (core.progress(), signal.exit_code());
    tracing::warn!(target: "mainstay", %signal, code, stage = %progress.stage, "a second signal: exiting at once");
    core.hooks.run_logs(LAST_LOGS);
    std::process::exit(code.into());
}

/// The program's time is up, and it is still here: its runtime is blocked, or something keeps `main` from returning.
fn overdue(core: &Core) {
    let left = match core.outcome.get() {
        Some(_) => "something that keeps `main` from returning, such as a blocking task".to_owned(),
        None => core.progress().to_string(),
    };
    let code = Outcome::TIMED_OUT;
    tracing::error!(target: "mainstay", code, left, "the time to shut down is over: exiting");
    core.hooks.run_logs(LAST_LOGS);
    std::process::exit(code.into());
}
