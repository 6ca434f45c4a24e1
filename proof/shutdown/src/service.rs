//! The service that is shut down.

use std::{
    io::Write,
    path::PathBuf,
    process::ExitCode,
    sync::{Mutex, OnceLock, PoisonError},
    time::Duration,
};

use axum::{Router, extract::Path, http::StatusCode, routing::get};
use mainstay::{
    health::{self, Probe},
    on_shutdown,
    shutdown::{GracefulShutdown, Outcome, ShutdownConfig},
};
use tokio::net::TcpListener;

/// The ids of all requests that were begun.
static BEGUN: Mutex<Vec<u64>> = Mutex::new(Vec::new());
static BOOKS: OnceLock<PathBuf> = OnceLock::new();

/// How long a response is: more than one packet.
pub(crate) const LENGTH: usize = 3000;

/// What a request of that id is answered with.
pub(crate) fn answer_to(id: u64) -> String {
    let id = format!("{id} ");
    id.repeat(LENGTH / id.len() + 1)[..LENGTH].to_owned()
}

/// A request takes between nothing and six milliseconds.
async fn work(Path(id): Path<u64>) -> String {
    BEGUN.lock().unwrap_or_else(PoisonError::into_inner).push(id);
    let time = Duration::from_micros(id.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 6000);
    if time > Duration::from_millis(1) {
        tokio::time::sleep(time).await;
    }
    answer_to(id)
}

async fn ready() -> StatusCode {
    let status = health::checks().report(Probe::Ready).http_status();
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The books are closed when no request is in flight any more.
#[on_shutdown(phase = flush)]
fn write_books() -> std::io::Result<()> {
    let begun = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
    let text: String = begun.iter().map(|id| format!("{id}\n")).collect();
    std::fs::write(BOOKS.get().ok_or(std::io::ErrorKind::NotFound)?, text)
}

/// `serve <pre-drain in ms> <file for the books> <whether axum serves>`
pub(crate) fn main(arguments: &[String]) -> ExitCode {
    let [pre_drain, books, plain] = arguments else { return ExitCode::FAILURE };
    let _ = BOOKS.set(books.into());
    let pre_drain = Duration::from_millis(pre_drain.parse().unwrap_or_default());
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(serve(pre_drain, plain == "true")) {
        Ok(outcome) => {
            println!("{outcome}");
            outcome.exit_code()
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(pre_drain: Duration, plain: bool) -> Result<Outcome, Box<dyn std::error::Error>> {
    let config = ShutdownConfig::new().timeout(Duration::from_secs(20)).pre_drain(pre_drain);
    let shutdown = GracefulShutdown::new(config)?;
    let app = Router::new().route("/work/{id}", get(work).post(work)).route("/ready", get(ready));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    health::checks().installed();
    println!("{}", listener.local_addr()?.port());
    std::io::stdout().flush()?;
    if plain {
        let server = axum::serve(listener, app).with_graceful_shutdown(shutdown.draining());
        return Ok(shutdown.run(server.into_future()).await);
    }
    Ok(shutdown.run(mainstay::axum::serve(listener, app, &shutdown)).await)
}
