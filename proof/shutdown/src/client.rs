//! One connection and the requests on it.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream},
    net::TcpStream,
};

use crate::service::answer_to;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The whole response came. Whether the connection goes on.
    Answered { kept: bool },
    /// Nothing came.
    Cut,
    /// A part of the response came, or a wrong one.
    Broken,
}

pub(crate) struct Connection(BufStream<TcpStream>);

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufStream::new(stream)))
    }

    /// Sends a request of that id, with a body or without, and reads the response.
    pub(crate) async fn ask(&mut self, id: u64) -> Fate {
        let head = if id.is_multiple_of(2) {
            format!("GET /work/{id} HTTP/1.1\r\nhost: proof\r\n\r\n")
        } else {
            format!(
                "POST /work/{id} HTTP/1.1\r\nhost: proof\r\ncontent-length: 2000\r\n\r\n{}",
                "x".repeat(2000)
            )
        };
        let sent = match self.0.write_all(head.as_bytes()).await {
            Ok(()) => self.0.flush().await,
            error => error,
        };
        if sent.is_err() {
            return Fate::Cut;
        }
        self.answer(&answer_to(id)).await
    }

    async fn answer(&mut self, expected: &str) -> Fate {
        let (mut head, mut kept) = (String::new(), true);
        loop {
            let before = head.len();
            match self.0.read_line(&mut head).await {
                Ok(read) if read > 0 => {}
                _ if before == 0 && head.is_empty() => return Fate::Cut,
                _ => return Fate::Broken,
            }
            let line = head[before..].trim_end();
            if line.is_empty() {
                break;
            }
            if line.eq_ignore_ascii_case("connection: close") {
                kept = false;
            }
        }
        let mut body = vec![0; expected.len()];
        let read = self.0.read_exact(&mut body).await;
        let is_right = head.starts_with("HTTP/1.1 200") && read.is_ok() && body == expected.as_bytes();
        if is_right { Fate::Answered { kept } } else { Fate::Broken }
    }

    /// Whether the service says that it is ready; not if it says nothing.
    pub(crate) async fn is_ready(address: SocketAddr) -> bool {
        let Ok(mut connection) = Self::open(address).await else { return false };
        let request = b"GET /ready HTTP/1.1\r\nhost: proof\r\nconnection: close\r\n\r\n";
        let (mut sent, mut head) = (connection.0.write_all(request).await, String::new());
        if sent.is_ok() {
            sent = connection.0.flush().await;
        }
        sent.is_ok() && connection.0.read_line(&mut head).await.is_ok() && head.starts_with("HTTP/1.1 200")
    }
}
