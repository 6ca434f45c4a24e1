//! What one service tells the next in headers: the span, what tracing systems add to it, the ids of the request, baggage,
//! and how much time is left.
//!
//! | header | holds | standard |
//! |---|---|---|
//! | `traceparent`, `tracestate` | the span that asks | [W3C Trace Context](https://www.w3.org/TR/trace-context/) |
//! | `baggage` | names and values for every service on the way | [W3C Baggage](https://www.w3.org/TR/baggage/) |
//! | `x-correlation-id`, `x-request-id` | the ids of the request | common usage |
//! | `grpc-timeout` | how much time the request has; [others](DeadlineHeader) are read, or can be written instead | [gRPC](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md) |
//!
//! ```
//! use std::collections::HashMap;
//! use mainstay_runtime::{context, propagate};
//!
//! // A request comes in.
//! let headers = HashMap::from([
//!     (String::from("traceparent"), String::from("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")),
//!     (String::from("x-correlation-id"), String::from("order-7")),
//! ]);
//! let incoming = propagate::extract(&headers);
//! let sent = incoming.scope(|| {
//!     // Another goes out, while it is worked on.
//!     let mut headers = HashMap::<String, String>::new();
//!     propagate::inject(&mut headers);
//!     headers
//! });
//! assert_eq!(sent["x-correlation-id"], "order-7");
//! assert_eq!(sent["traceparent"], "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
//! ```

mod baggage;
mod deadline_header;
mod deadline_headers;
mod headers;
mod incoming;
mod percent;
mod propagators;
mod trace_parent;
mod trace_state;

pub use baggage::Baggage;
pub use deadline_header::DeadlineHeader;
pub use deadline_headers::DeadlineHeaders;
pub use headers::{extract, inject, propagate_trace_context};
pub use incoming::Incoming;
pub(crate) use percent::decode;
pub use propagators::Propagators;
pub use trace_parent::TraceParent;
pub(crate) use trace_parent::digit;
pub use trace_state::TraceState;

/// The header with the span.
pub const TRACEPARENT: &str = "traceparent";
/// The header with what tracing systems add.
pub const TRACESTATE: &str = "tracestate";
/// The header with the baggage.
pub const BAGGAGE: &str = "baggage";
