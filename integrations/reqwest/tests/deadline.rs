//! The deadline of a call goes to the next service over real sockets, and a request that is late does not.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use std::{
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{Router, http::HeaderMap, routing::get};
use mainstay::{Error, Kind, deadline, timeout};
use mainstay_reqwest::{Observe, refusal};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use tokio::net::TcpListener;

static CLIENT: LazyLock<ClientWithMiddleware> =
    LazyLock::new(|| ClientBuilder::new(reqwest::Client::new()).with(Observe).build());

/// Serves on a port of its own until the test's runtime ends.
async fn serve(app: Router) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

#[timeout("hop.first", "60s")]
async fn first(url: &str) -> Result<(Duration, Duration), Failed> {
    second(url).await
}

#[timeout("hop.second", "10m")]
async fn second(url: &str) -> Result<(Duration, Duration), Failed> {
    third(url).await
}

#[timeout("hop.third", "20m")]
async fn third(url: &str) -> Result<(Duration, Duration), Failed> {
    let here = deadline::remaining().unwrap();
    let answer = CLIENT.get(url).send().await?;
    let there = answer.text().await?;
    Ok((here, Duration::from_nanos(there.parse().unwrap())))
}

#[timeout("hop.server", "30m")]
async fn served() -> Result<Option<Duration>, Error> {
    Ok(deadline::remaining())
}

/// Answers with the nanoseconds that a function under a limit of its own has left.
fn telling() -> Router {
    let left = || async { served().await.unwrap().unwrap().as_nanos().to_string() };
    Router::new().route("/left", get(left)).layer(mainstay_axum::observe())
}

#[tokio::test]
async fn the_deadline_is_seen_three_functions_and_one_hop_deep() {
    let url = serve(telling()).await;
    let (here, there) = first(&format!("{url}/left")).await.unwrap();
    assert!(here <= Duration::from_secs(60), "{here:?}");
    // What is left there was left here before, and is some of that minute.
    assert!(there <= here, "{there:?} of {here:?}");
    assert!(there > Duration::ZERO);
}

#[tokio::test]
async fn a_call_whose_deadline_has_passed_does_not_reach_the_server() {
    let served = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&served);
    let app = Router::new().route(
        "/",
        get(move || async move {
            count.fetch_add(1, Ordering::Relaxed);
        }),
    );
    let url = serve(app).await;
    let late = deadline::scope(Duration::ZERO, CLIENT.get(&url).send()).await.unwrap_err();
    let reason = refusal(&late).unwrap();
    assert_eq!((reason.kind(), reason.policy()), (Kind::DeadlineExceeded, "127.0.0.1"));
    // To breakers and retries it is none of the server's failures.
    assert_eq!(mainstay::__private::class_of!(&late), mainstay::Class::Ignored);
    assert_eq!(served.load(Ordering::Relaxed), 0);
    // One in time does.
    deadline::scope(Duration::from_secs(60), CLIENT.get(&url).send()).await.unwrap();
    assert_eq!(served.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_server_that_hangs_is_left_at_the_deadline() {
    let url = serve(Router::new().route("/", get(std::future::pending::<()>))).await;
    let late = loop {
        match deadline::scope(Duration::from_millis(50), CLIENT.get(&url).send()).await.unwrap_err() {
            reqwest_middleware::Error::Reqwest(late) => break late,
            // The machine had no time for it before: it was not sent.
            refused => assert_eq!(refusal(&refused).unwrap().kind(), Kind::DeadlineExceeded),
        }
    };
    assert!(late.is_timeout(), "{late:?}");
}

#[tokio::test]
async fn a_request_says_what_is_left_in_the_header() {
    let seen = Arc::new(Mutex::new(HeaderMap::new()));
    let keep = Arc::clone(&seen);
    let app = Router::new()
        .route("/", get(move |headers: HeaderMap| async move { *keep.lock().unwrap() = headers }));
    let url = serve(app).await;
    CLIENT.get(&url).send().await.unwrap();
    assert!(!seen.lock().unwrap().contains_key("grpc-timeout"));
    deadline::scope(Duration::from_secs(60), CLIENT.get(&url).send()).await.unwrap();
    let value = seen.lock().unwrap()["grpc-timeout"].to_str().unwrap().to_owned();
    let sent: u64 = value.strip_suffix('u').unwrap().parse().unwrap();
    assert!(sent > 1_000_000 && sent <= 60_000_000, "{value}");
}

#[tokio::test]
async fn nonsense_from_outside_sets_no_deadline() {
    let told =
        || async { format!("{:?}", deadline::remaining().map(|left| left <= Duration::from_secs(3600))) };
    let app = |layer| Router::new().route("/", get(told)).layer(layer);
    let trusting = serve(app(mainstay_axum::observe())).await;
    let without = serve(app(mainstay_axum::observe().deadlines(false))).await;
    let strict = serve(app(mainstay_axum::observe().trust(false))).await;
    let plain = reqwest::Client::new();
    let ask = |url: &str, value: &'static str| {
        let request = plain.get(url).header("grpc-timeout", value);
        async { request.send().await.unwrap().text().await.unwrap() }
    };
    for value in ["", "soon", "-1S", "0S", "999999999S", "1e9S"] {
        assert_eq!(ask(&trusting, value).await, "None", "{value}");
    }
    // As far as the cap.
    assert_eq!(ask(&trusting, "99999999H").await, "Some(true)");
    assert_eq!(ask(&trusting, "60S").await, "Some(true)");
    assert_eq!(ask(&without, "60S").await, "None");
    assert_eq!(ask(&strict, "60S").await, "None");
}

#[tokio::test]
async fn a_limit_of_the_service_stays_shorter() {
    let url = serve(telling()).await;
    let plain = reqwest::Client::new();
    let left = plain.get(format!("{url}/left")).header("grpc-timeout", "59M").send().await.unwrap();
    let left = Duration::from_nanos(left.text().await.unwrap().parse().unwrap());
    assert!(left <= Duration::from_secs(1800), "{left:?}");
}
