use mainstay::{
    metered,
    metrics::{Buckets, Counter, HttpStatus, Registry, TextFormat},
    time_it,
};

use super::WHO;
use crate::{
    row::{Row, keep},
    work::{Error, now, work},
};

#[metered]
fn metered_call(n: u64) -> Result<u64, Error> {
    work(n)
}

#[metered]
async fn metered_async(n: u64) -> Result<u64, Error> {
    work(n)
}

#[metered(labels(odd = n % 2 == 1))]
fn labelled_call(n: u64) -> Result<u64, Error> {
    work(n)
}

#[time_it("benches.timed")]
fn timed_call(n: u64) -> Result<u64, Error> {
    work(n)
}

/// By what the counters and histograms of all rows are called.
pub const METHOD: &str = "GET";

pub fn counter() -> Row {
    static COUNTER: Counter = Counter::new();
    Row::new(WHO, || COUNTER.increment())
}

pub fn counter_with_labels() -> Row {
    let registry = Registry::new();
    let labels = ["method", "status"];
    let counters =
        registry.counters::<(&'static str, HttpStatus)>("calls", "Calls.", labels).expect("a name");
    let counters = keep(counters);
    Row::new(WHO, || counters.get(&(METHOD, HttpStatus::new(200))).increment())
}

pub fn counter_by_name() -> Row {
    Row::new(WHO, || mainstay::metrics::increment_counter("benches.calls", &[("method", METHOD)]))
}

pub fn histogram() -> Row {
    let registry = Registry::new();
    let histogram = keep(registry.histogram("time_seconds", "Time.", Buckets::seconds()).expect("a name"));
    Row::new(WHO, || histogram.observe(std::hint::black_box(0.04)))
}

pub fn metered() -> Row {
    Row::new(WHO, || metered_call(1))
}

pub fn metered_in_async() -> Row {
    Row::new("mainstay, async", || now(metered_async(1)))
}

pub fn metered_with_labels() -> Row {
    Row::new("mainstay, a label", || labelled_call(1))
}

pub fn timed() -> Row {
    Row::new("mainstay, #[time_it]", || timed_call(1))
}

/// How many series a scrape has: a tenth of what the goal speaks of, so that valgrind gets through.
pub const SERIES: u16 = 1000;

/// Families of a hundred counters each.
pub fn scrape() -> Row {
    let registry = Registry::new();
    for family in 0..SERIES / 100 {
        let name = format!("family_{family}_requests");
        let labels = ["method", "status"];
        let counters =
            registry.counters::<(&'static str, HttpStatus)>(&name, "Requests.", labels).expect("a name");
        for status in 0..100 {
            counters.get(&(METHOD, HttpStatus::new(200 + status))).add(u64::from(family) * 1234 + 7);
        }
    }
    let registry = keep(registry);
    Row::new(WHO, || registry.encode(TextFormat::Prometheus).len())
}
