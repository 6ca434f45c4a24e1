use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use mainstay::{
    trace::{self, ExportError, Sampler, SpanData, SpanExporter, TraceConfig, TraceGuard, install},
    trace_span,
};

use super::WHO;
use crate::{
    row::Row,
    work::{Error, now, work},
};

#[trace_span]
fn spanned(n: u64) -> Result<u64, Error> {
    work(n)
}

#[trace_span]
async fn spanned_async(n: u64) -> Result<u64, Error> {
    work(n)
}

#[trace_span(attrs(n = n, "http.route" = "/orders"))]
async fn with_attributes(n: u64) -> Result<u64, Error> {
    work(n)
}

#[trace_span]
fn inside(n: u64) -> Result<u64, Error> {
    spanned(n)
}

/// Takes spans and does nothing with them.
struct Nowhere;

impl SpanExporter for Nowhere {
    fn export(&mut self, _: &mut Vec<SpanData>) -> Result<(), ExportError> {
        Ok(())
    }
}

static INSTALLED: Mutex<Option<(Sampler, TraceGuard)>> = Mutex::new(None);

/// As many records as lie ready, with room for attributes, in a program that has run for a while.
const WARM: u64 = 4096;

/// Until another row asks for something else: to begin and end costs more than the calls of a run. What the run before has left is
/// sent first, and batches are as large as the queue: what is counted is the way to the buffer.
fn exporting(sampler: Sampler) {
    no_subscriber();
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    match &*installed {
        Some((known, guard)) if *known == sampler => {
            guard.flush(Duration::from_secs(10));
        }
        _ => {
            *installed = None;
            let config = TraceConfig::new(Nowhere).sampler(sampler).batch_size(16_384);
            *installed = install(config.delay(Duration::from_secs(600))).ok().map(|guard| {
                (0..WARM).for_each(|n| _ = now(with_attributes(n)));
                guard.flush(Duration::from_secs(10));
                (sampler, guard)
            });
        }
    }
}

/// A peer's subscriber that has gone leaves callsites believing in it until they are asked anew, which costs ours and theirs alike. A
/// program without a subscriber has none that was.
fn no_subscriber() {
    tracing::callsite::rebuild_interest_cache();
}

/// For the rows in which nothing is recorded.
fn not_exporting() {
    no_subscriber();
    *INSTALLED.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

fn under<R: 'static>(who: &'static str, sampler: Sampler, call: fn() -> R) -> Row {
    Row::per_thread(who, move |_| {
        exporting(sampler);
        call
    })
}

fn without<R: 'static>(call: fn() -> R) -> Row {
    Row::per_thread(WHO, move |_| {
        not_exporting();
        call
    })
}

pub fn off() -> Row {
    without(|| spanned(1))
}

pub fn off_async() -> Row {
    without(|| now(spanned_async(1)))
}

pub fn sampled_out() -> Row {
    under(WHO, Sampler::ratio(0.0).parent_based(), || spanned(1))
}

pub fn sampled_out_async() -> Row {
    under(WHO, Sampler::ratio(0.0).parent_based(), || now(spanned_async(1)))
}

/// Two spans, of which the outer one decides.
pub fn sampled_out_nested() -> Row {
    under("mainstay, two spans", Sampler::ratio(0.0).parent_based(), || inside(1))
}

pub fn on() -> Row {
    under(WHO, Sampler::default(), || spanned(1))
}

pub fn on_async() -> Row {
    under(WHO, Sampler::default(), || now(spanned_async(1)))
}

pub fn on_with_attributes() -> Row {
    under("mainstay, two attributes", Sampler::default(), || now(with_attributes(1)))
}

/// What log lines ask.
pub fn current() -> Row {
    Row::new(WHO, trace::current)
}
