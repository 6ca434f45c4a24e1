//! What a server serves.

use std::sync::Arc;

use mainstay_runtime::metrics::{Collect, TextEncoder, TextFormat};
use prometheus_client::{encoding::text, registry::Registry};

use crate::foreign;

#[derive(Debug, Default)]
pub(crate) struct Sources {
    pub(crate) ours: Vec<Arc<dyn Collect>>,
    pub(crate) theirs: Vec<Arc<Registry>>,
}

impl Sources {
    /// All of it as text; `room` is how long it was last.
    pub(crate) fn encode(&self, format: TextFormat, room: usize) -> String {
        let mut encoder = TextEncoder::with_capacity(format, room + room / 8);
        self.ours.iter().for_each(|source| source.collect(&mut encoder));
        for registry in &self.theirs {
            let mut written = String::new();
            match text::encode(&mut written, registry) {
                Ok(()) => foreign::add(&mut encoder, &written),
                Err(error) => {
                    tracing::warn!(target: "mainstay", "a registry of prometheus-client cannot be read: {error}")
                }
            }
        }
        encoder.finish()
    }
}
