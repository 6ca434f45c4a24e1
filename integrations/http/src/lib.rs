//! What the HTTP integrations share: headers to read ids and spans from, and the names that OpenTelemetry's
//! [semantic conventions](https://opentelemetry.io/docs/specs/semconv/http/) give to what is observed.

mod ending;
mod headers;
mod labels;
mod metrics;

pub use ending::{Ending, Measure, unless_taken};
pub use headers::{Headers, HeadersMut};
pub use labels::{ErrorType, Method, Scheme, Text};
pub use metrics::{HttpMetrics, HttpRequest};

/// A version of HTTP as `network.protocol.version` has it.
pub fn version(version: http::Version) -> &'static str {
    match version {
        http::Version::HTTP_09 => "0.9",
        http::Version::HTTP_10 => "1.0",
        http::Version::HTTP_2 => "2",
        http::Version::HTTP_3 => "3",
        _ => "1.1",
    }
}
