//! The official client.

use ::prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

use crate::{
    ours::metrics::{METHOD, SERIES},
    row::{Row, keep},
};

const WHO: &str = "prometheus-client";
const BOUNDS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    method: &'static str,
    status: u16,
}

pub fn counter() -> Row {
    let counter = keep(Counter::<u64>::default());
    Row::new(WHO, || counter.inc())
}

pub fn counter_with_labels() -> Row {
    let family = keep(Family::<Labels, Counter>::default());
    Row::new(WHO, || family.get_or_create(&Labels { method: METHOD, status: 200 }).inc())
}

pub fn histogram() -> Row {
    let histogram = keep(Histogram::new(BOUNDS));
    Row::new(WHO, || histogram.observe(std::hint::black_box(0.04)))
}

pub fn scrape() -> Row {
    let mut registry = Registry::default();
    for number in 0..SERIES / 100 {
        let family = Family::<Labels, Counter>::default();
        for status in 0..100 {
            let labels = Labels { method: METHOD, status: 200 + status };
            family.get_or_create(&labels).inc_by(u64::from(number) * 1234 + 7);
        }
        registry.register(format!("family_{number}_requests"), "Requests", family);
    }
    let registry = keep(registry);
    Row::new(WHO, || {
        let mut text = String::new();
        encode(&mut text, registry).expect("a string takes it");
        text.len()
    })
}
