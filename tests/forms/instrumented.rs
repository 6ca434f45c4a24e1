//! With an attribute of somebody else's that rewrites the function: `#[tracing::instrument]`.
//!
//! rustc expands attributes from the top, so such a one has always done its work on the body before ours go around it,
//! wherever it stands.

use std::{
    num::NonZeroU64,
    sync::{Arc, Mutex},
};

use mainstay::{circuit_breaker, fallback, retry, timeout};
use tracing::{Event, Metadata, Subscriber, instrument, span};

use crate::support::*;

/// Notes the names of spans as they begin.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<&'static str>>>);

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span()
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        self.0.lock().unwrap().push(attributes.metadata().name());
        span::Id::from_non_zero_u64(NonZeroU64::MIN)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

#[instrument(skip_all)]
#[retry]
#[timeout("1s")]
async fn above(flaky: &Flaky) -> Answer {
    flaky.until(3)
}

#[retry]
#[instrument(skip_all)]
#[timeout("1s")]
async fn between(flaky: &Flaky) -> Answer {
    flaky.until(3)
}

#[retry]
#[timeout("1s")]
#[instrument(skip_all, err, fields(order = order))]
async fn below(flaky: &Flaky, order: u32) -> Answer {
    flaky.until(3).map(|asked| asked + order)
}

#[fallback(|_| Ok(9))]
#[instrument(skip_all)]
#[retry(max_attempts = 2)]
#[circuit_breaker]
fn sync(flaky: &Flaky) -> Answer {
    flaky.until(3)
}

struct Client {
    flaky: Flaky,
    calls: u32,
}

impl Client {
    #[retry]
    #[instrument(skip(self))]
    #[timeout("1s")]
    async fn method(&self, text: &str) -> Answer<usize> {
        self.flaky.until(3).map(|_| text.len())
    }

    // `#[instrument]` moves the receiver into the body's future, so that nothing may be tried again here.
    #[circuit_breaker]
    #[instrument(skip(self))]
    #[timeout("1s")]
    async fn exclusive(&mut self, text: &str) -> Answer<usize> {
        self.calls += 1;
        Ok(text.len())
    }
}

#[tokio::test(start_paused = true)]
async fn each_attempt_has_a_span_wherever_the_attribute_stands() {
    let spans = Spans::default();
    let _guard = tracing::subscriber::set_default(spans.clone());
    assert_eq!(above(&Flaky::default()).await, Ok(3));
    assert_eq!(between(&Flaky::default()).await, Ok(3));
    assert_eq!(below(&Flaky::default(), 1).await, Ok(4));
    let names = std::mem::take(&mut *spans.0.lock().unwrap());
    assert_eq!(names, [["above"; 3], ["between"; 3], ["below"; 3]].concat());
}

#[tokio::test(start_paused = true)]
async fn methods_and_sync_functions_take_it_too() {
    let spans = Spans::default();
    let _guard = tracing::subscriber::set_default(spans.clone());
    let mut client = Client { flaky: Flaky::default(), calls: 0 };
    assert_eq!(client.method("abc").await, Ok(3));
    assert_eq!((client.exclusive("abc").await, client.calls), (Ok(3), 1));
    assert_eq!(at_once(|| sync(&Flaky::default())), Ok(9));
    let names = std::mem::take(&mut *spans.0.lock().unwrap());
    assert_eq!(names, ["method", "method", "method", "exclusive", "sync", "sync"]);
}
