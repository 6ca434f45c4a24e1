//! A server that shuts down, on real sockets.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::ConnectInfo,
    routing::get,
};
use mainstay_axum::serve;
use mainstay_runtime::{
    clock::ManualClock,
    shutdown::{GracefulShutdown, Outcome, ShutdownConfig},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinHandle,
};

const LONG: Duration = Duration::from_secs(3600);

struct Server {
    address: SocketAddr,
    shutdown: GracefulShutdown,
    /// What `/slow` and each part of `/parts` waits for.
    gate: Arc<Semaphore>,
    ended: JoinHandle<Outcome>,
}

/// One part of a body, once the gate lets it through.
async fn part(gate: Arc<Semaphore>) -> Result<Bytes, std::io::Error> {
    gate.acquire().await.unwrap().forget();
    Ok(Bytes::from_static(b"part "))
}

async fn start(config: ShutdownConfig) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    start_on(listener, GracefulShutdown::isolated(config).unwrap())
}

fn start_on(listener: TcpListener, shutdown: GracefulShutdown) -> Server {
    let gate = Arc::new(Semaphore::new(0));
    let (slow, parts) = (Arc::clone(&gate), Arc::clone(&gate));
    let slow = move || async move {
        slow.acquire().await.unwrap().forget();
        "slow"
    };
    let parts = move || async move {
        let parts = futures_util::stream::unfold((0, parts), |(sent, gate)| async move {
            (sent < 3).then_some(())?;
            Some((part(Arc::clone(&gate)).await, (sent + 1, gate)))
        });
        Body::from_stream(parts)
    };
    let app = Router::new()
        .route("/", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }))
        .route("/slow", get(slow))
        .route("/parts", get(parts));
    let address = listener.local_addr().unwrap();
    let ended = tokio::spawn({
        let shutdown = shutdown.clone();
        async move { shutdown.run(serve(listener, app, &shutdown)).await }
    });
    Server { address, shutdown, gate, ended }
}

impl Server {
    async fn connect(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// Waits until that many requests are in flight.
    async fn in_flight(&self, count: u64) {
        while self.shutdown.work("http requests").count() != count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn draining(&self) {
        self.shutdown.draining().await;
    }

    async fn ended(self) -> Outcome {
        self.ended.await.unwrap()
    }
}

struct Client(TcpStream);

impl Client {
    async fn ask(&mut self, path: &str) {
        self.0.write_all(format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n").as_bytes()).await.unwrap();
    }

    /// The head of a response and its body of that length.
    async fn answer(&mut self, body: &str) -> String {
        let mut read = Vec::new();
        while !read.ends_with(body.as_bytes()) {
            let byte = self.0.read_u8().await.unwrap_or_else(|error| panic!("{error} after {read:?}"));
            read.push(byte);
        }
        let text = String::from_utf8(read).unwrap();
        assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
        text
    }

    async fn is_closed(&mut self) -> bool {
        self.0.read(&mut [0]).await.is_ok_and(|read| read == 0)
    }
}

#[tokio::test]
async fn from_the_signal_on_it_serves_and_says_that_each_response_is_the_last_of_its_connection() {
    let server = start(ShutdownConfig::new().timeout(LONG * 2).pre_drain(LONG)).await;
    let mut kept = server.connect().await;
    kept.ask("/").await;
    assert!(!kept.answer("127.0.0.1").await.contains("connection"));
    server.shutdown.trigger("test");
    kept.ask("/").await;
    assert!(kept.answer("127.0.0.1").await.contains("connection: close"));
    assert!(kept.is_closed().await);
    let mut new = server.connect().await;
    new.ask("/").await;
    assert!(new.answer("127.0.0.1").await.contains("connection: close"));
    server.ended.abort();
}

#[tokio::test]
async fn a_request_in_flight_is_answered_and_nobody_new_is_let_in() {
    let server = start(ShutdownConfig::new()).await;
    let mut client = server.connect().await;
    client.ask("/slow").await;
    server.in_flight(1).await;
    server.shutdown.trigger("test");
    server.draining().await;
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    server.gate.add_permits(1);
    assert!(client.answer("slow").await.contains("connection: close"));
    assert!(client.is_closed().await);
    assert!(server.ended().await.is_clean());
}

#[tokio::test]
async fn a_body_that_is_being_sent_is_sent_to_its_end() {
    let server = start(ShutdownConfig::new()).await;
    let mut client = server.connect().await;
    client.ask("/parts").await;
    server.gate.add_permits(1);
    client.answer("part \r\n").await;
    server.shutdown.trigger("test");
    server.draining().await;
    assert_eq!(server.shutdown.work("http requests").count(), 1);
    server.gate.add_permits(2);
    let mut rest = String::new();
    client.0.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "5\r\npart \r\n5\r\npart \r\n0\r\n\r\n");
    assert!(server.ended().await.is_clean());
}

#[tokio::test]
async fn a_connection_that_is_open_and_idle_is_answered_once_more_and_then_closed() {
    // However slow the machine is, it is not idle for too long before it asks.
    let clock = ManualClock::new();
    let _still = clock.install();
    let server = start(ShutdownConfig::new()).await;
    let (mut asks, mut idles) = (server.connect().await, server.connect().await);
    for client in [&mut asks, &mut idles] {
        client.ask("/").await;
        client.answer("127.0.0.1").await;
    }
    server.shutdown.trigger("test");
    server.draining().await;
    asks.ask("/").await;
    assert!(asks.answer("127.0.0.1").await.contains("connection: close"));
    assert!(asks.is_closed().await);
    clock.advance(Duration::from_secs(1));
    assert!(idles.is_closed().await);
    assert!(server.ended().await.is_clean());
}

#[tokio::test]
async fn a_connection_that_waits_to_be_accepted_is_answered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut clients = Vec::new();
    for _ in 0..50 {
        let mut client = Client(TcpStream::connect(address).await.unwrap());
        client.ask("/").await;
        clients.push(client);
    }
    let shutdown = GracefulShutdown::isolated(ShutdownConfig::new()).unwrap();
    shutdown.trigger("test");
    let server = start_on(listener, shutdown);
    for client in &mut clients {
        assert!(client.answer("127.0.0.1").await.contains("connection: close"));
    }
    assert!(server.ended().await.is_clean());
}

#[tokio::test]
async fn a_connection_that_never_asks_keeps_nobody() {
    let server = start(ShutdownConfig::new()).await;
    let (mut silent, mut half) = (server.connect().await, server.connect().await);
    half.0.write_all(b"GET / HT").await.unwrap();
    let mut kept = server.connect().await;
    kept.ask("/").await;
    kept.answer("127.0.0.1").await;
    server.shutdown.trigger("test");
    let outcome = server.ended().await;
    assert!(outcome.is_clean(), "{outcome}");
    assert!(silent.is_closed().await);
    let _ = half.is_closed().await;
}

#[tokio::test]
async fn a_request_that_does_not_end_is_named_and_cut_off() {
    let server = start(ShutdownConfig::new().drain_timeout(Duration::from_millis(50))).await;
    let mut client = server.connect().await;
    client.ask("/slow").await;
    server.in_flight(1).await;
    server.shutdown.trigger("test");
    let outcome = server.ended().await;
    assert_eq!(outcome.still_running(), ["the server", "http requests"]);
    assert!(client.is_closed().await);
}
