//! Spans of OpenTelemetry's own crates around and inside Mainstay's.
//!
//! [`connect`] makes spans of `opentelemetry` and `tracing-opentelemetry` parents of ours. [`attach`], [`in_context`] and
//! [`context`] make ours parents of theirs. `docs/reference/opentelemetry.md` says which spans end up where.

mod connect;
mod convert;
mod inside;

pub use connect::connect;
pub use convert::{from_opentelemetry, to_opentelemetry};
pub use inside::{InContext, attach, context, in_context};
