//! A living service: orders come in over HTTP, each is charged over HTTP, and the payment server has bad days.
//!
//! ```text
//! cargo run --example checkout -- --seconds 10
//! ```
//!
//! - `payments.rs` is what to read first: the function that charges, and the attributes on it. `taxes.rs` has them on a function
//!   that is not async, `service.rs` on methods of the shop.
//! - `http.rs` carries a trace from service to service, `traces.rs` keeps the slowest one, and while it runs the shop answers
//!   `/metrics` in the format of Prometheus.
//! - `upstream.rs` is the payment server, `weather.rs` its moods, which `schedule.txt` tells it.
//! - `load.rs` is the customers, `watch.rs` and `view.rs` what you see, `totals.rs` what is left at the end.
//!
//! Nothing is mocked: two servers and their clients talk over sockets of this machine.
#![allow(unreachable_pub, reason = "a program has no outside; `pub` here means: for the other files")]

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

use tokio::{
    net::TcpListener,
    select, signal,
    time::{Instant, sleep},
};

use crate::{
    load::Load, options::Options, service::Shop, stop::switch, totals::Totals, upstream::Upstream,
    watch::Watch, weather::Schedule,
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
    let watch = Watch::start(Arc::clone(&upstream), Arc::clone(&totals));

    // One switch for the customers, then one for the view and the servers: whoever is asked outlives whoever asks.
    let (stop_load, load_stop) = switch();
    let (stop_rest, rest_stop) = switch();
    let started = Instant::now();
    let upstream_task = tokio::spawn(Arc::clone(&upstream).serve(payment_listener, rest_stop.clone()));
    let shop_task = tokio::spawn(Arc::clone(&shop).serve(shop_listener, rest_stop.clone()));
    let load_task = tokio::spawn(load.run(options.rate, options.shoppers, load_stop));
    let work = async {
        end(options.run_for).await;
        stop_load.throw();
        load_task.await?;
        stop_rest.throw();
        shop_task.await?;
        upstream_task.await
    };
    let (finished, ()) = tokio::join!(work, view::show(&watch, rest_stop));
    finished?;

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
    Ok(totals.lost() == 0 && shop.answered.get() == totals.asked.get())
}

/// Waits for the end: the time that was asked for, or Ctrl+C. A second Ctrl+C does not wait for anything.
async fn end(run_for: Option<Duration>) {
    select! {
        () = sleep(run_for.unwrap_or(Duration::MAX)) => {}
        _ = signal::ctrl_c() => {}
    }
    tokio::spawn(async {
        if signal::ctrl_c().await.is_ok() {
            std::process::exit(130);
        }
    });
}
