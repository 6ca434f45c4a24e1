//! Spans: what a call did and when, sent to an exporter.
//!
//! `#[trace_span]` and [`tracer`] make spans; [`current`] says which one runs on this thread; [`install`] sends those that
//! are sampled to a [`SpanExporter`]. Whether a span is sampled is decided before anything of it is built.

mod call;
mod choose;
mod config;
mod context;
mod current;
mod data;
mod desk;
mod env;
mod export;
mod ids;
#[cfg(all(test, mainstay_loom))]
mod loom;
mod note;
mod own;
mod pipeline;
mod propagate;
mod random;
mod recording;
mod sampler;
mod shards;
mod site;
mod span;
mod state;
mod value;
mod wall;
mod worker;

pub use config::TraceConfig;
pub use context::{SpanContext, TraceFlags};
pub use current::{Attached, WithContext, attach, current, with_context};
pub use data::{Code, SpanData, SpanEvent, SpanKind, SpanRecord, Status};
pub use export::{ExportError, Resource, SpanExporter};
pub use ids::{SpanId, TraceId};
pub use note::{add_span_attribute, add_span_event, set_span_status};
pub use pipeline::{Flushed, InstallError, TraceGuard, counts, flush, install};
pub use propagate::{TraceParent, TraceState};
pub use sampler::Sampler;
pub use span::{ActiveSpan, InSpan, Span, SpanBuilder, Tracer, get_tracer, tracer};
pub use state::set_foreign_parent;
pub use value::{Attribute, AttributeValue, ToAttribute};

#[doc(hidden)]
pub use call::{Call, Ending, Entered, Traced, traced};
#[doc(hidden)]
pub use site::SpanSite;

pub(crate) use note::{listens, note};

/// Whose spans those of annotated functions are.
const SCOPE: &str = "mainstay";
