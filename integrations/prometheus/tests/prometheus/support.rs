use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use mainstay_prometheus::MetricsServer;
use mainstay_runtime::metrics::Registry;

/// What a server answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// A server that serves one registry and nothing else, on any port of the loopback interface.
pub(crate) fn server_of(registry: Registry) -> MetricsServer {
    MetricsServer::new()
        .host([127, 0, 0, 1])
        .port(0)
        .without_default_registry()
        .without_process_metrics()
        .also(registry)
}

/// Sends a request and reads the answer to its end.
pub(crate) fn request(address: SocketAddr, line: &str, headers: &str) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    // For a server that is stuck; one that is not answers in a millisecond.
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let request = format!("{line} HTTP/1.1\r\nHost: tests\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = std::str::from_utf8(&answer[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let pair =
        |line: &str| line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    Answer { status, headers: lines.filter_map(pair).collect(), body: answer[end + 4..].to_vec() }
}

pub(crate) fn get(address: SocketAddr, path: &str) -> Answer {
    request(address, &format!("GET {path}"), "")
}
