//! Requests and their answers.

use std::{
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use flate2::{Compression, write::GzEncoder};
use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{self, HeaderMap, HeaderName, HeaderValue},
};

use crate::{negotiate, sources::Sources};

/// Answers requests for `/metrics`.
#[derive(Debug)]
pub(crate) struct Answers {
    pub(crate) sources: Arc<Sources>,
    /// How long the last answer was.
    pub(crate) length: AtomicUsize,
}

impl Answers {
    pub(crate) fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let mut response = match (request.uri().path(), request.method()) {
            ("/metrics", &Method::GET | &Method::HEAD) => self.metrics(request.headers()),
            ("/metrics", _) => {
                let mut response =
                    text(StatusCode::METHOD_NOT_ALLOWED, "metrics are read: use GET or HEAD\n");
                response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
                response
            }
            _ => text(StatusCode::NOT_FOUND, "metrics are at /metrics\n"),
        };
        let length = HeaderValue::from(hyper::body::Body::size_hint(response.body()).lower());
        response.headers_mut().insert(header::CONTENT_LENGTH, length);
        if request.method() == Method::HEAD {
            *response.body_mut() = Full::default();
        }
        response
    }

    fn metrics(&self, headers: &HeaderMap) -> Response<Full<Bytes>> {
        let format = negotiate::format(joined(headers, &header::ACCEPT).as_deref());
        let text = self.sources.encode(format, self.length.load(Ordering::Relaxed));
        self.length.store(text.len(), Ordering::Relaxed);
        let takes_gzip = negotiate::takes_gzip(joined(headers, &header::ACCEPT_ENCODING).as_deref());
        let zipped = takes_gzip.then(|| zipped(&text)).flatten();
        let is_zipped = zipped.is_some();
        let mut response = Response::new(Full::from(zipped.unwrap_or_else(|| text.into_bytes())));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
        headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
        if is_zipped {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}

/// All lines of a header as one.
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let lines: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

fn zipped(text: &str) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(text.len() / 8), Compression::fast());
    encoder.write_all(text.as_bytes()).ok()?;
    encoder.finish().ok()
}

fn text(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
