use std::{
    convert::Infallible,
    future::{Future, poll_fn},
    io,
    net::SocketAddr,
    pin::pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{body::Body, response::Response};
use http::Request;
use mainstay_runtime::{clock, shutdown::GracefulShutdown};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tower_service::Service;

use super::connection;

/// How long nothing is accepted after an error that is not the client's, such as too many open files.
const AFTER_ERROR: Duration = Duration::from_secs(1);

/// Serves a router until the program shuts down, and loses no request that has come in.
///
/// - While the program runs, and through the [pre-drain](mainstay_runtime::shutdown::ShutdownConfig::pre_drain), it serves. From the
///   signal on each response over HTTP/1 says `Connection: close`, so that its client comes again elsewhere.
/// - When the pre-drain is over, it takes the connections that the system has accepted for it by then, and no more.
/// - Requests are answered to their end. A connection that stays open without a request is closed when it has been idle for a
///   second; connections of HTTP/2 get a `GOAWAY` at once.
/// - When the last connection is closed, it returns.
///
/// What is in flight is work of the name `http requests`. Handlers may ask for `ConnectInfo<SocketAddr>`. Upgraded connections, such
/// as WebSockets, belong to whoever took them over: end them by [`draining`](GracefulShutdown::draining).
///
/// HTTP/2 without TLS is served where `hyper-util` is built with its feature `http2`, as axum's feature `http2` does.
///
/// # Errors
/// None so far: what fails is a connection, or accepting one, which is logged and tried again.
///
/// ```no_run
/// use axum::{Router, routing::get};
/// use mainstay_runtime::shutdown::{GracefulShutdown, Outcome, ShutdownConfig};
/// use tokio::net::TcpListener;
///
/// #[tokio::main]
/// async fn main() -> Result<Outcome, Box<dyn std::error::Error>> {
///     let shutdown = GracefulShutdown::new(ShutdownConfig::new())?;
///     let app = Router::new().route("/", get(|| async { "hello" }));
///     let listener = TcpListener::bind("0.0.0.0:8000").await?;
///     Ok(shutdown.run(mainstay_axum::serve(listener, app, &shutdown)).await)
/// }
/// ```
pub async fn serve<S>(listener: TcpListener, service: S, shutdown: &GracefulShutdown) -> io::Result<()>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let requests = shutdown.work("http requests");
    let mut connections = JoinSet::new();
    while let Some((stream, peer)) = next(&listener, shutdown, &mut connections).await {
        let connection = connection::serve(stream, peer, service.clone(), shutdown.clone(), requests.clone());
        connections.spawn(connection);
    }
    drop(listener);
    tracing::info!(target: "mainstay", connections = connections.len(), "no more connections are accepted");
    while connections.join_next().await.is_some() {}
    Ok(())
}

/// The next connection; `None` when there are to be no more.
async fn next(
    listener: &TcpListener,
    shutdown: &GracefulShutdown,
    connections: &mut JoinSet<()>,
) -> Option<(TcpStream, SocketAddr)> {
    loop {
        let mut accepted = pin!(shutdown.accept(listener.accept()));
        let accepted = poll_fn(|cx| {
            forget_ended(connections, cx);
            accepted.as_mut().poll(cx)
        });
        match accepted.await? {
            Ok(accepted) => return Some(accepted),
            Err(error) if is_of_client(&error) => {}
            Err(error) => {
                tracing::error!(target: "mainstay", %error, "no connection can be accepted");
                shutdown.until_draining(clock::sleep(AFTER_ERROR)).await?;
            }
        }
    }
}

fn forget_ended(connections: &mut JoinSet<()>, cx: &mut Context<'_>) {
    while let Poll::Ready(Some(ended)) = connections.poll_join_next(cx) {
        if let Err(error) = ended
            && error.is_panic()
        {
            tracing::error!(target: "mainstay", "a connection panicked");
        }
    }
}

fn is_of_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
