//! What expanded `#[metered]` and `#[time_it]` call.

use std::{
    convert::Infallible,
    sync::{Arc, OnceLock},
};

use super::Flow;
use crate::{
    clock::{self, Instant},
    metrics::{Buckets, Histogram, names, registry},
};
pub use crate::{
    metered::{Metered, MeteredCall, MeteredConfig, Outcome, Slo},
    metrics::{LabelValue, Labels},
};

/// Holds an answer of which it is not known whether it is a `Result`.
#[derive(Debug)]
pub struct Answer<'a, R>(pub &'a R);

impl<'a, T, E> Answer<'a, Result<T, E>> {
    /// Its error.
    #[inline]
    pub fn error(self) -> Option<&'a E> {
        self.0.as_ref().err()
    }
}

/// The same for an answer that is none.
pub trait OtherAnswer {
    /// What stands for an error where there can be none.
    fn error(self) -> Option<&'static Infallible>;
}

impl<R> OtherAnswer for &Answer<'_, R> {
    #[inline]
    fn error(self) -> Option<&'static Infallible> {
        None
    }
}

/// A call with labels begins. Of a type that has too many values rustc tells at the value, which it finds in the tuple.
#[inline]
pub fn begin<L: Labels>(metered: &Metered, labels: L) -> MeteredCall<'_> {
    metered.begin_with(&labels)
}

/// How a call ended whose answer is an error of that class.
#[inline]
pub fn failed(flow: Flow, class: crate::classify::Class) -> Outcome {
    match flow.refusal() {
        Some(kind) => Outcome::of_policy(kind),
        None => Outcome::error(class),
    }
}

/// The histogram of one `#[time_it]`.
#[derive(Debug)]
pub struct TimeIt {
    name: &'static str,
    buckets: Option<&'static [f64]>,
    histogram: OnceLock<Arc<Histogram>>,
}

impl TimeIt {
    /// One that has timed nothing. `name` may have dots.
    pub const fn new(name: &'static str, buckets: Option<&'static [f64]>) -> Self {
        Self { name, buckets, histogram: OnceLock::new() }
    }

    /// Times until what this gives is dropped.
    #[inline]
    pub fn start(&'static self) -> Timing {
        let histogram = match self.histogram.get() {
            Some(histogram) => histogram,
            None => self.find(),
        };
        Timing { histogram, start: clock::now() }
    }

    #[cold]
    fn find(&'static self) -> &'static Histogram {
        self.histogram.get_or_init(|| {
            let mapped = names::mapped(self.name).replace(':', "_");
            let mapped = mapped.strip_suffix("_seconds").unwrap_or(&mapped);
            let buckets = || match self.buckets {
                Some(bounds) => Buckets::new(bounds.iter().copied()).unwrap_or_else(|_| Buckets::seconds()),
                None => Buckets::seconds(),
            };
            let name = format!("{mapped}_seconds");
            registry().histogram(&name, "How long it took.", buckets()).unwrap_or_else(|error| {
                tracing::error!(target: "mainstay", "`#[time_it]` measures for nobody: {error}");
                Arc::new(Histogram::new(buckets()))
            })
        })
    }
}

/// A call that is timed until this is dropped.
#[derive(Debug)]
pub struct Timing {
    histogram: &'static Histogram,
    start: Instant,
}

impl Drop for Timing {
    #[inline]
    fn drop(&mut self) {
        let nanos = clock::now().as_nanos().saturating_sub(self.start.as_nanos());
        // Half of the numbers are converted by one instruction, and nothing takes three hundred years.
        self.histogram.observe(nanos.cast_signed() as f64 / 1e9);
    }
}
