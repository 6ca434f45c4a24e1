//! Ways to a collector: one request, one answer, no second try.

mod answer;
#[cfg(feature = "grpc")]
mod codec;
mod failure;
#[cfg(feature = "grpc")]
mod grpc;
mod http;
#[cfg(feature = "tls")]
mod tls;

use std::time::Duration;

use crate::encode::Encoding;
pub(crate) use answer::Answer;
pub(crate) use failure::{Failure, Retry};
#[cfg(feature = "grpc")]
pub(crate) use grpc::Grpc;
pub(crate) use http::Http;
#[cfg(feature = "tls")]
pub(crate) use tls::{certificates as tls_certificates, key as tls_key};

/// One of the two.
pub(crate) trait Transport: Send + 'static {
    /// Makes `body`, a request of OTLP, ready to be sent once or more often.
    fn prepare(&mut self, _body: &mut Vec<u8>) {}

    /// Sends it and waits for the answer, for `limit` at most.
    fn send(&mut self, body: &[u8], limit: Duration) -> Result<Answer, Failure>;

    /// How requests are written.
    fn encoding(&self) -> Encoding {
        Encoding::Binary
    }

    /// Where it goes, for messages.
    fn endpoint(&self) -> &str;
}
