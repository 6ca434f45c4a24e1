//! A living service: orders come in over HTTP, each is charged over HTTP, and the payment server has bad days.
//!
//! ```text
//! cargo run --features ops,yaml --example checkout
//! ```
//!
//! It prints the address of a live page, on which all of it is seen. Ctrl+C ends it in good order.
//!
//! - `payments.rs` is what to read first: the function that charges, and the attributes on it. `taxes.rs` has them on a function
//!   that is not async, `service.rs` on methods of the shop.
//! - `http.rs` carries a trace from service to service, `traces.rs` keeps the slowest one, and while it runs the shop answers
//!   `/metrics` in the format of Prometheus.
//! - `checks.rs` says when it is healthy; `run`, below, how it comes to its end.
//! - `upstream.rs` is the payment server, `weather.rs` its moods, which `schedule.txt` tells it.
//! - `policies.yaml` has options of its policies, which can be changed while it runs.
//! - `load.rs` is the customers, `watch.rs` and `view.rs` what you see, `totals.rs` what is left at the end.
//!
//! Nothing is mocked: two servers and their clients talk over sockets of this machine.
#![allow(unreachable_pub, reason = "a program has no outside; `pub` here means: for the other files")]

mod checks;
mod http;
mod load;
mod options;
mod payments;
mod service;
mod stop;
mod taxes;
mod totals;
mod traces;
mod upstream;
mod view;
mod watch;
mod weather;

use std::{
    env,
    error::Error,
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use mainstay::{
    health,
    ops::{OpsServer, ServingOps},
    overrides::Yaml,
    shutdown::{GracefulShutdown, ShutdownConfig},
};
use tokio::{
    net::TcpListener,
    time::{Instant, sleep},
};

use crate::{
    checks::Checks, load::Load, options::Options, service::Shop, stop::switch, totals::Totals,
    upstream::Upstream, watch::Watch, weather::Schedule,
};

#[tokio::main]
async fn main() -> ExitCode {
    let asked = Options::read(env::args().skip(1)).and_then(|options| {
        let Some(options) = options else { return Ok(None) };
        let schedule = Schedule::read(&options.schedule)?;
        Ok(Some((options, schedule)))
    });
    let (options, schedule) = match asked {
        Ok(Some(asked)) => asked,
        Ok(None) => {
            println!("{}", options::HELP);
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("checkout: {problem}");
            return ExitCode::from(2);
        }
    };
    match run(options, schedule).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("checkout: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the shop, and tells whether every order got its answer.
async fn run(options: Options, schedule: Schedule) -> Result<bool, Box<dyn Error>> {
    let policies = mainstay::overrides().source(Yaml::file(&options.policies)).environment();
    policies.watch(Duration::from_secs(1)).load()?;
    let any_port = "127.0.0.1:0";
    let (payment_listener, shop_listener) =
        (TcpListener::bind(any_port).await?, TcpListener::bind(any_port).await?);
    let (payment_address, shop_address) = (payment_listener.local_addr()?, shop_listener.local_addr()?);
    println!("payment server on http://{payment_address}");
    println!("checkout service on http://{shop_address}, its metrics on http://{shop_address}/metrics");

    let (traces, slowest) = traces::record()?;
    let totals = Arc::<Totals>::default();
    let upstream = Upstream::new(schedule);
    let shop = Shop::new(payment_address);
    let load = Load::new(shop_address, Arc::clone(&totals));
    let shutdown = GracefulShutdown::new(ShutdownConfig::new().pre_drain(Duration::from_millis(500)))?;
    health::checks().add(Checks { outbox: Arc::clone(&shop) });
    println!("options of policies in {}: change them while it runs", options.policies.display());
    println!("live page on http://{}/", serve_operations()?.address());
    let watch = Watch::start(Arc::clone(&upstream), Arc::clone(&totals));

    // One switch for the customers, then one for the view and the servers: whoever is asked outlives whoever asks.
    let (stop_load, load_stop) = switch();
    let (stop_rest, rest_stop) = switch();
    let started = Instant::now();
    let upstream_task = tokio::spawn(Arc::clone(&upstream).serve(payment_listener, rest_stop.clone()));
    let shop_task = tokio::spawn(Arc::clone(&shop).serve(shop_listener, rest_stop.clone()));
    let load_task = tokio::spawn(load.run(options.rate, options.shoppers, load_stop));
    if let Some(time) = options.run_for {
        let shutdown = shutdown.clone();
        tokio::spawn(async move {
            sleep(time).await;
            shutdown.trigger("its time is over");
        });
    }
    let work = async {
        // From now on it says that it is not ready: whoever balances load sends it nothing more, and it answers what comes.
        shutdown.begun().await;
        stop_load.throw();
        load_task.await?;
        stop_rest.throw();
        shop_task.await?;
        upstream_task.await
    };
    let work = async { work.await.map_err(|error: tokio::task::JoinError| error.to_string()) };
    let (outcome, ()) = tokio::join!(shutdown.run(work), view::show(&watch, rest_stop));

    let seen = &upstream.seen;
    let mut out = io::stdout().lock();
    writeln!(out, "\nran for {:.1?}", started.elapsed())?;
    writeln!(
        out,
        "payment server: {} calls = {} receipts + {} declined + {} failed + {} hung up",
        seen.calls.get(),
        seen.receipts.get(),
        seen.declines.get(),
        seen.failures.get(),
        seen.abandoned.get(),
    )?;
    writeln!(
        out,
        "checkout service: {} answers after {} retries and {} fallbacks",
        shop.answered.get(),
        watch.retries(),
        watch.fallbacks(),
    )?;
    writeln!(
        out,
        "orders: {} charged, {} put aside to be charged later; {} were sent again and answered as before",
        upstream.charged(),
        shop.payments.put_aside(),
        shop.payments.sent_again(),
    )?;
    let spans = traces.shutdown(Duration::from_secs(5));
    writeln!(
        out,
        "spans: {} recorded, {} dropped; the slowest order:\n{}",
        spans.exported,
        spans.dropped,
        slowest.tree()
    )?;
    writeln!(out, "{totals}")?;
    Ok(totals.lost() == 0 && shop.answered.get() == totals.asked.get() && outcome.is_clean())
}

/// The page, health and policies, on a thread of their own: at `HEALTH_CHECK_PORT`, or wherever there is room.
fn serve_operations() -> Result<ServingOps, Box<dyn Error>> {
    let server = OpsServer::new().service("checkout").host([127, 0, 0, 1]);
    let server = if env::var_os("HEALTH_CHECK_PORT").is_some() { server } else { server.port(0) };
    Ok(server.start_in_background()?)
}
