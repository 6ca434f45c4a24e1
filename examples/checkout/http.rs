//! HTTP over TCP, with nothing else in between: what both servers and both clients here speak.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use http_body_util::BodyExt;
use hyper::{
    HeaderMap, Method, Request, Response,
    body::Incoming,
    client::conn::http1::{self as client, SendRequest},
    header::{HOST, HeaderValue},
    server::conn::http1 as server,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use mainstay::{
    context::{Extractor, Injector},
    propagate,
};
use tokio::{
    net::{TcpListener, TcpStream},
    select,
    task::JoinSet,
    time::sleep,
};

use crate::stop::Stop;

/// Serves until it is told to stop, then finishes what is in flight.
pub async fn serve<H, F>(listener: TcpListener, mut stop: Stop, handle: H)
where
    H: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<String>> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        let accepted = select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait() => break,
        };
        match accepted {
            Ok((stream, _)) => drop(connections.spawn(attend(stream, stop.clone(), handle.clone()))),
            // Most likely out of file descriptors: those in use come free again.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn attend<H, F>(stream: TcpStream, mut stop: Stop, handle: H)
where
    H: Fn(Request<Incoming>) -> F,
    F: Future<Output = Response<String>>,
{
    let answer = service_fn(|request| {
        // The trace, the ids and the baggage of whoever asks; `mainstay::axum` does this for axum.
        let incoming = propagate::extract(&Headers(request.headers()));
        let answer = incoming.scope(|| handle(request));
        async { Ok::<_, Infallible>(incoming.run(answer).await) }
    });
    let mut connection = pin!(server::Builder::new().serve_connection(TokioIo::new(stream), answer));
    let finished = select! {
        finished = connection.as_mut() => finished,
        _ = stop.wait() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    // A client that hung up took its connection along, and is told nothing.
    let _ = finished;
}

struct Headers<'h>(&'h HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.to_str().ok()
    }
}

struct HeadersMut<'h>(&'h mut HeaderMap);

impl Injector for HeadersMut<'_> {
    fn set(&mut self, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.insert(name, value);
        }
    }
}

/// An HTTP client of one server, which keeps its connections for the next request.
#[derive(Debug)]
pub struct Client {
    server: SocketAddr,
    idle: Mutex<Vec<SendRequest<String>>>,
}

impl Client {
    pub fn new(server: SocketAddr) -> Self {
        Self { server, idle: Mutex::new(Vec::new()) }
    }

    /// Posts a text and reads the whole answer. If this is dropped on the way, so is the connection: the server notices.
    pub async fn post(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        text: String,
    ) -> io::Result<Response<String>> {
        let mut request =
            Request::builder().method(Method::POST).uri(path).header(HOST, self.server.to_string());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(text).map_err(io::Error::other)?;
        propagate::inject(&mut HeadersMut(request.headers_mut()));
        let mut connection = self.connection().await?;
        let (head, body) = connection.send_request(request).await.map_err(io::Error::other)?.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(Response::from_parts(head, String::from_utf8_lossy(&body).into_owned()))
    }

    async fn connection(&self) -> io::Result<SendRequest<String>> {
        while let Some(mut connection) = self.take_idle() {
            if connection.ready().await.is_ok() {
                return Ok(connection);
            }
        }
        let stream = TcpStream::connect(self.server).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = client::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        // Its errors reach whoever waits for an answer on it.
        tokio::spawn(connection);
        Ok(sender)
    }

    fn take_idle(&self) -> Option<SendRequest<String>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}
