use std::{
    io::Write as _,
    time::{Duration, SystemTime},
};

use flate2::{Compression, write::GzEncoder};
use ureq::{Agent, Body, Error, http::Response};

use super::{Answer, Failure, Retry, Transport, failure};
use crate::{USER_AGENT, encode::Encoding, settings::Wire};

/// OTLP over HTTP.
pub(crate) struct Http {
    agent: Agent,
    wire: Wire,
    encoding: Encoding,
}

/// How much of an answer is read: collectors have little to say.
const MOST: u64 = 64 * 1024;

impl Http {
    pub(crate) fn new(wire: Wire, encoding: Encoding) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // Headers hold passwords: who wants them elsewhere says so.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(USER_AGENT);
        let config = if wire.may_proxy { config } else { config.proxy(None) };
        #[cfg(feature = "tls")]
        let config = match &wire.tls {
            Some(tls) => config.tls_config(super::tls::for_http(tls)),
            None => config,
        };
        Self { agent: Agent::new_with_config(config.build()), wire, encoding }
    }
}

impl Transport for Http {
    fn prepare(&mut self, body: &mut Vec<u8>) {
        if self.wire.gzip {
            let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::fast());
            // Writing to a vector does not fail.
            if encoder.write_all(body).is_ok()
                && let Ok(packed) = encoder.finish()
            {
                *body = packed;
            }
        }
    }

    fn send(&mut self, body: &[u8], limit: Duration) -> Result<Answer, Failure> {
        let mut request = self.agent.post(&self.wire.endpoint).config().timeout_global(Some(limit)).build();
        for (name, value) in &self.wire.headers {
            request = request.header(name, value);
        }
        let is_json = self.encoding == Encoding::Json;
        request = request
            .header("content-type", if is_json { "application/json" } else { "application/x-protobuf" });
        if self.wire.gzip {
            request = request.header("content-encoding", "gzip");
        }
        let mut response = request.send(body).map_err(unanswered)?;
        let status = response.status();
        let body = response.body_mut().with_config().limit(MOST).read_to_vec();
        if status.is_success() {
            // A success is one, even if its words are lost on their way.
            let body = body.unwrap_or_default();
            return Ok(if is_json { Answer::read_json(&body) } else { Answer::read(&body) });
        }
        let body = body.unwrap_or_default();
        let reason = if is_json { failure::reason_json(&body) } else { failure::reason(&body) };
        let told = retry_after(&response, SystemTime::now());
        let retry = if passes(status.as_u16()) { Retry::After(told) } else { Retry::Never };
        let hint = match status.as_u16() {
            300..=399 => "; it sends elsewhere, which is not followed: give that address",
            401 | 403 => "; look at the headers, such as `OTEL_EXPORTER_OTLP_HEADERS`",
            404 => "; is it the right path? Collectors have `/v1/traces`",
            415 if is_json => "; does it take OTLP as JSON? `http/protobuf` is what all collectors take",
            415 => "; does it take OTLP in binary form?",
            _ => "",
        };
        let separator = if reason.is_empty() { "" } else { ": " };
        Err(Failure { retry, ..Failure::is_final(format!("it answered {status}{separator}{reason}{hint}")) })
    }

    fn encoding(&self) -> Encoding {
        self.encoding
    }

    fn endpoint(&self) -> &str {
        &self.wire.endpoint
    }
}

/// Which answers pass is written in the specification of OTLP.
fn passes(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

/// There was no answer. Those that may come from a passing state of the network or the collector pass.
fn unanswered(error: Error) -> Failure {
    let failure = match &error {
        Error::Timeout(_) => Failure::passes("it did not answer in time", None),
        Error::Io(_) | Error::HostNotFound | Error::ConnectionFailed | Error::Protocol(_) => {
            Failure::passes("it cannot be reached", None)
        }
        _ => Failure::is_final("the request cannot be sent"),
    };
    failure.with_source(error)
}

/// The header `Retry-After`: seconds, or a date.
fn retry_after(response: &Response<Body>, now: SystemTime) -> Option<Duration> {
    let value = response.headers().get("retry-after")?.to_str().ok()?.trim();
    match value.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => httpdate::parse_http_date(value).ok().map(|at| at.duration_since(now).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(value: &str) -> Option<Duration> {
        let response =
            Response::builder().header("retry-after", value).body(Body::builder().data("")).unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        retry_after(&response, now)
    }

    #[test]
    fn four_answers_pass() {
        let passing: Vec<_> = (300..600).filter(|status| passes(*status)).collect();
        assert_eq!(passing, [429, 502, 503, 504]);
    }

    #[test]
    fn retry_after_is_a_number_of_seconds_or_a_date() {
        assert_eq!(told("120"), Some(Duration::from_secs(120)));
        assert_eq!(told("Sun, 06 Nov 1994 08:49:47 GMT"), Some(Duration::from_secs(10)));
        assert_eq!(told("Sun, 06 Nov 1994 08:49:27 GMT"), Some(Duration::ZERO));
        assert_eq!(told("soon"), None);
    }
}
