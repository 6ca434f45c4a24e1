//! fastrace: a root and what runs in it.

use fastrace::{
    Span,
    collector::{Config, Reporter, SpanContext, SpanRecord},
};

use crate::{
    row::Row,
    work::{Error, work},
};

const WHO: &str = "fastrace";

/// Takes spans and does nothing with them.
struct Nowhere;

impl Reporter for Nowhere {
    fn report(&mut self, _: Vec<SpanRecord>) {}
}

#[fastrace::trace]
fn spanned(n: u64) -> Result<u64, Error> {
    work(n)
}

/// A reporter, but no root around the call.
pub fn off() -> Row {
    Row::new(WHO, || spanned(1))
}

fn rooted(sampled: bool) -> Row {
    Row::per_thread(WHO, move |_| {
        fastrace::set_reporter(Nowhere, Config::default());
        move || {
            let root = Span::root("spanned", SpanContext::random().sampled(sampled));
            let _guard = root.set_local_parent();
            work(1)
        }
    })
}

pub fn sampled_out() -> Row {
    rooted(false)
}

pub fn on() -> Row {
    rooted(true)
}
