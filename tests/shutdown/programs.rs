//! The programs that the tests start.

use std::{env, process::ExitCode, time::Duration};

use mainstay::{
    health::{self, Probe},
    shutdown::{self, AtDrain, GracefulShutdown, Handler, Outcome, ShutdownConfig, Signal},
};

use crate::{
    annotated::register_the_index,
    lines::{Lines, say},
};

/// Names the program that this process is to be, if it is to be one.
pub(crate) const PROGRAM: &str = "MAINSTAY_TEST_PROGRAM";

/// Set where the program is to have no subscriber.
pub(crate) const UNHEARD: &str = "MAINSTAY_TEST_UNHEARD";

pub(crate) fn program() -> String {
    env::var(PROGRAM).unwrap_or_default()
}

/// Whether this program is to have no subscriber.
fn is_unheard() -> bool {
    env::var(UNHEARD).is_ok()
}

const CONFIG: ShutdownConfig = ShutdownConfig::new().timeout(Duration::from_secs(20));

/// No test by itself: the process that [`child`](crate::child) starts runs only this, and ends in it.
#[test]
fn program_of_a_child() {
    if program().is_empty() {
        return;
    }
    if !is_unheard() {
        tracing::subscriber::set_global_default(Lines).unwrap();
    }
    let code = match program().as_str() {
        "without a runtime" => without_a_runtime(),
        "blocked" => blocked(),
        "kept" => kept(),
        "holding" => holding(),
        _ => usual(),
    };
    std::process::exit(code.into());
}

fn install(config: ShutdownConfig) -> GracefulShutdown {
    let shutdown = GracefulShutdown::new(config).unwrap();
    register_the_index();
    shutdown
}

fn told(outcome: &Outcome) -> u8 {
    say(format!("{outcome}"));
    outcome.code()
}

fn usual() -> u8 {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = match program().as_str() {
        "quit and hangup" => CONFIG.signals(&[Signal::Quit, Signal::Hangup]),
        "deaf" => CONFIG.signals(&[]),
        "readiness" | "slow" => CONFIG.pre_drain(Duration::from_secs(10)),
        _ => CONFIG,
    };
    runtime.block_on(async {
        let shutdown = install(config);
        match program().as_str() {
            "readiness" => tells_readiness(&shutdown),
            "spawning" => spawns(),
            _ => {}
        }
        if program() == "misspelt" {
            shutdown.on_shutdown(Handler::new("pool", || async {}).after("the indx")).unwrap();
        }
        if is_unheard() {
            let begun = shutdown.begun();
            tokio::spawn(async move {
                begun.await;
                say("it has begun");
            });
        }
        say("it runs");
        told(&shutdown.wait_for_signal().await)
    })
}

fn tells_readiness(shutdown: &GracefulShutdown) {
    health::checks().installed();
    let told = || {
        let report = health::checks().report(Probe::Ready);
        say(format!("ready: {}", report.to_json()));
    };
    told();
    let begun = shutdown.begun();
    mainstay::spawn(async move {
        begun.await;
        told();
    });
}

fn spawns() {
    for number in 1..=3 {
        mainstay::spawn(async move {
            shutdown::draining().await;
            tokio::time::sleep(Duration::from_millis(10)).await;
            say(format!("mail {number} is sent"));
        });
    }
    mainstay::spawn_blocking(|| {
        while !shutdown::is_draining() {
            std::thread::sleep(Duration::from_millis(1));
        }
        say("the file is written");
    });
    let ticker = shutdown::spawn("ticker", AtDrain::Cancel, std::future::pending::<()>());
    let in_flight = shutdown::progress().in_flight_count();
    assert_eq!(in_flight, 5);
    drop(ticker);
}

fn without_a_runtime() -> u8 {
    let shutdown = install(CONFIG);
    say("it runs");
    told(&shutdown.wait_for_signal_blocking())
}

const SHORT: ShutdownConfig =
    ShutdownConfig::new().timeout(Duration::from_secs(3)).flush_timeout(Duration::from_millis(100));

/// The only thread of the runtime sleeps, whatever signals come.
fn blocked() -> u8 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let shutdown = install(SHORT);
        let block = async {
            tokio::task::yield_now().await;
            say("it runs");
            loop {
                std::thread::sleep(Duration::from_secs(60));
            }
        };
        told(&shutdown.run(block).await)
    })
}

/// A blocking task that the runtime waits for when it goes.
fn kept() -> u8 {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let code = runtime.block_on(async {
        let shutdown = install(SHORT);
        tokio::task::spawn_blocking(|| {
            loop {
                std::thread::sleep(Duration::from_secs(60));
            }
        });
        say("it runs");
        told(&shutdown.wait_for_signal().await)
    });
    drop(runtime);
    code
}

/// An async handler that blocks a thread of the runtime.
fn holding() -> u8 {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let code = runtime.block_on(async {
        let shutdown = install(SHORT);
        let holds = Handler::new("the archive", || async {
            loop {
                std::thread::sleep(Duration::from_secs(60));
            }
        });
        shutdown.on_shutdown(holds.timeout(Duration::from_millis(200))).unwrap();
        say("it runs");
        told(&shutdown.wait_for_signal().await)
    });
    drop(runtime);
    code
}

/// `main` may return an outcome.
#[test]
fn an_outcome_is_what_main_returns() {
    fn main() -> Result<Outcome, mainstay::shutdown::ShutdownError> {
        let shutdown = GracefulShutdown::isolated(ShutdownConfig::new())?;
        shutdown.trigger("test");
        Ok(shutdown.wait_for_signal_blocking())
    }
    let code = std::process::Termination::report(main());
    assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS));
}
