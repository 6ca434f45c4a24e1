//! One connection, from its beginning to its end.

use std::{
    convert::Infallible,
    future::{Future, poll_fn},
    net::SocketAddr,
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use axum::{body::Body, response::Response};
use http::Request;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use mainstay_runtime::{
    clock::{self, Delay},
    shutdown::{GracefulShutdown, Work},
};
use tokio::net::TcpStream;
use tower_service::Service;

use super::{answer::Answers, traffic::Traffic};

/// How long a connection stays open without a request once the program shuts down. A client that sends one in this time is
/// answered, and told that it is the last; one that sends it later meets a connection that is being closed, which HTTP lets happen
/// at any time.
const IDLE: Duration = Duration::from_secs(1);

pub(super) async fn serve<S>(
    stream: TcpStream,
    peer: SocketAddr,
    service: S,
    shutdown: GracefulShutdown,
    requests: Work,
) where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    // What is written is written at once, as responses are written whole.
    let _ = stream.set_nodelay(true);
    let traffic = Arc::new(Traffic::new(shutdown.clone(), requests));
    let answers = Answers { service, peer, traffic: Arc::clone(&traffic) };
    let mut builder = Builder::new(TokioExecutor::new());
    // A client that sends no whole head within 30 s is let go.
    builder.http1().timer(TokioTimer::new());
    let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), answers));

    if first(connection.as_mut(), shutdown.begun()).await {
        return;
    }
    let begun = clock::now();
    if first(connection.as_mut(), shutdown.draining()).await {
        return;
    }
    while !traffic.is_http2() {
        let idle_at = traffic.idle_at(begun, IDLE);
        if !traffic.is_active() && clock::now() >= idle_at {
            break;
        }
        let look_again: Delay =
            if traffic.is_active() { clock::sleep(IDLE) } else { clock::sleep_until(idle_at) };
        if first(connection.as_mut(), look_again).await {
            return;
        }
    }
    connection.as_mut().graceful_shutdown();
    while !first(connection.as_mut(), clock::sleep(IDLE)).await {
        // What never sent a request has none to be answered.
        if traffic.is_unused() {
            return;
        }
    }
}

/// Runs the connection until it has ended, which is true, or until `other` is ready.
async fn first<C: Future>(mut connection: std::pin::Pin<&mut C>, other: impl Future<Output = ()>) -> bool {
    let mut other = pin!(other);
    poll_fn(|cx| match connection.as_mut().poll(cx) {
        // How it ended is the client's affair: what happened to requests has been told where they were observed.
        Poll::Ready(_) => Poll::Ready(true),
        Poll::Pending => other.as_mut().poll(cx).map(|()| false),
    })
    .await
}
