//! Counters, gauges and histograms, the registry that holds them and the text in which they are read.
//!
//! A [`Counter`] or [`Histogram`] that many threads use keeps a part for each of them: counting takes no lock and no locked
//! instruction. Series with labels come from a [`Family`], whose labels have types: [`LabelValue`] is implemented for what
//! takes few values, and not for texts made while the program runs. The [`Registry`] gives everything to a [`Sink`], of
//! which [`TextEncoder`] writes the formats that Prometheus scrapes.
//!
//! ```
//! use mainstay_runtime::metrics::{Buckets, Registry, TextFormat};
//!
//! let registry = Registry::new();
//! let taken = registry.counter("shop_orders_total", "Orders taken.")?;
//! let latency = registry.histogram("shop_order_duration_seconds", "How long orders took.", Buckets::seconds())?;
//!
//! let timer = latency.time();
//! taken.increment();
//! timer.stop();
//!
//! let text = registry.encode(TextFormat::Prometheus);
//! assert!(text.contains("\nshop_orders_total 1\n"), "{text}");
//! # Ok::<(), mainstay_runtime::metrics::MetricError>(())
//! ```

mod adhoc;
mod buckets;
mod error;
mod exemplar;
mod family;
mod gauge;
mod histogram;
mod instrument;
mod label;
mod labels;
pub(crate) mod names;
pub(crate) mod number;
mod policies;
mod registry;
mod rows;
mod sink;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod timer;

pub use adhoc::{add_to_counter, increment_counter, set_gauge, set_tagged_gauge};
pub use buckets::Buckets;
pub use error::MetricError;
pub use exemplar::Exemplar;
pub use family::Family;
pub use gauge::{Gauge, Inside, IntGauge};
pub(crate) use histogram::Exemplars;
pub use histogram::{Histogram, Snapshot};
pub use instrument::{Instrument, Observe};
pub use label::{HttpStatus, LabelValue};
pub(crate) use labels::OVERFLOW;
pub use labels::{LabelSet, Labels};
pub use policies::{PolicyMetrics, show_policies};
pub use registry::{Registry, registry};
pub(crate) use rows::{Row, Rows};
pub use sink::{Collect, Descriptor, MetricKind, Sample, Sink};
pub(crate) use table::{Full, Table};
pub use text::{TextEncoder, TextFormat};
pub use timer::Timer;

pub use crate::observe::Counter;
