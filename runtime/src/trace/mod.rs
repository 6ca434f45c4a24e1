//! Spans: what a call did and when, sent to an exporter.
//!
//! `#[trace_span]` and [`tracer`] make spans; [`current`] says which one runs on this thread; [`install`] sends those that
//! are sampled to a [`SpanExporter`]. Whether a span is sampled is decided before anything of it is built.

mod context;
mod current;
mod data;
mod export;
mod ids;
mod propagate;
mod value;

pub use context::{SpanContext, TraceFlags};
pub use current::{Attached, WithContext, attach, current, with_context};
pub use data::{Code, SpanData, SpanEvent, SpanKind, SpanRecord, Status};
pub use export::{ExportError, Resource, SpanExporter};
pub use ids::{SpanId, TraceId};
pub use propagate::{TraceParent, TraceState};
pub use value::{Attribute, AttributeValue, ToAttribute};
