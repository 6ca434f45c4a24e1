//! A real server of axum on a real socket.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

use std::collections::HashMap;

use axum::{Extension, Router, routing::get};
use mainstay_axum::{Observe, observe};
use mainstay_runtime::{
    context::{self, Context},
    propagate, trace,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What the handler and a task of it see.
async fn seen(Extension(extension): Extension<Context>) -> String {
    assert_eq!(context::current(), Some(extension));
    tokio::task::yield_now().await;
    let in_task = context::spawn(async { (context::current(), trace::current()) }).await.unwrap();
    assert_eq!(in_task, (context::current(), trace::current()));
    let headers: HashMap<_, _> = propagate::propagate_trace_context().into_iter().collect();
    let header = |name: &str| headers.get(name).cloned().unwrap_or_default();
    ["x-correlation-id", "x-request-id", "traceparent", "tracestate"].map(header).join(" ")
}

async fn ask(layer: Observe, headers: &[u8]) -> (HashMap<String, String>, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route("/", get(seen)).layer(layer);
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n").await.unwrap();
    stream.write_all(headers).await.unwrap();
    stream.write_all(b"\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    server.abort();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let headers = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.into(), value.into()));
    (headers.collect(), body.split(' ').map(String::from).collect())
}

#[tokio::test]
async fn a_request_runs_under_the_ids_and_the_trace_that_it_brings_and_the_answer_has_the_ids() {
    let headers = b"x-correlation-id: order-7\r\nX-Request-ID: r-1\r\n\
        traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\ntracestate: congo=1\r\n";
    let (answer, seen) = ask(observe(), headers).await;
    assert_eq!(seen[..2], ["order-7", "r-1"]);
    assert_eq!(seen[2..], ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "congo=1"]);
    assert_eq!((&*answer["x-correlation-id"], &*answer["x-request-id"]), ("order-7", "r-1"));
}

#[tokio::test]
async fn a_request_that_brings_nothing_gets_ids_and_no_trace() {
    let (answer, seen) = ask(observe(), b"").await;
    assert_eq!((seen[0].len(), seen[2].len()), (36, 0));
    assert_eq!((&answer["x-correlation-id"], &answer["x-request-id"]), (&seen[0], &seen[1]));
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn hostile_ids_are_replaced_and_never_sent_back() {
    for hostile in [&b"a b"[..], b"<script>", b"\xff\xfe", b"${jndi:ldap://x}", &[b'a'; 4096]] {
        let headers = [b"x-correlation-id: ", hostile, b"\r\nx-request-id: ", hostile, b"\r\n"].concat();
        let (answer, seen) = ask(observe(), &headers).await;
        assert_eq!((seen[0].len(), seen[1].len()), (36, 36));
        assert_eq!((&answer["x-correlation-id"], &answer["x-request-id"]), (&seen[0], &seen[1]));
    }
}
