//! On whatever function.

use std::{fmt::Display, future::Future, pin::Pin};

use mainstay::trace_span;
use mainstay_testkit::Spans;

use crate::support::{Answer, Failure};

struct Client<'a> {
    name: &'a str,
    calls: u32,
}

impl<'a> Client<'a> {
    #[trace_span("forms.shared", attrs(name = self.name))]
    async fn shared(&self) -> &'a str {
        self.name
    }

    #[trace_span("forms.exclusive", attrs(calls = self.calls))]
    fn exclusive(&mut self) -> &mut u32 {
        self.calls += 1;
        &mut self.calls
    }

    #[trace_span("forms.owned")]
    fn owned(self) -> u32 {
        self.calls
    }
}

#[trace_span("forms.generic", attrs(value = %value))]
fn generic<T: Display + Clone>(value: T) -> (T, T) {
    (value.clone(), value)
}

#[trace_span("forms.some")]
fn some(limit: u32) -> impl Iterator<Item = u32> {
    0..limit
}

#[trace_span("forms.some_async")]
async fn some_async(limit: u32) -> impl Iterator<Item = u32> {
    0..limit
}

#[trace_span("forms.fallible_some")]
async fn fallible_some(limit: u32) -> Result<impl Iterator<Item = u32>, Failure> {
    Ok(0..limit)
}

#[trace_span("forms.future", attrs(text = text))]
fn future(text: String) -> impl Future<Output = usize> {
    let text = text + "!";
    async move { text.len() }
}

#[trace_span("forms.boxed")]
fn boxed<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = &'a str> + Send + 'a>> {
    Box::pin(async move { text })
}

#[trace_span("forms.early", err)]
async fn early(fails: bool) -> Answer {
    if fails {
        Err(Failure::Reset)?;
        return Ok(0);
    }
    Ok(1)
}

#[trace_span("forms.outer_twice")]
#[trace_span("forms.inner_twice")]
fn twice() {}

#[async_trait::async_trait]
trait Store {
    async fn get(&self, id: u64) -> u64;
}

struct Table;

#[async_trait::async_trait]
impl Store for Table {
    #[trace_span("forms.async_trait", attrs(id = id))]
    async fn get(&self, id: u64) -> u64 {
        id
    }
}

#[mainstay::trace("forms.alias")]
fn alias() {}

fn is_send<F: Future + Send>(future: F) -> F {
    future
}

#[tokio::test(start_paused = true)]
async fn any_function_can_have_a_span() {
    let spans = Spans::record();
    let mut client = Client { name: "bank", calls: 0 };
    assert_eq!(is_send(client.shared()).await, "bank");
    *client.exclusive() += 1;
    assert_eq!(client.owned(), 2);
    assert_eq!(generic("x"), ("x", "x"));
    assert_eq!((some(3).count(), some_async(3).await.count()), (3, 3));
    assert_eq!(fallible_some(3).await.unwrap().count(), 3);
    assert_eq!(is_send(future("ab".to_owned())).await, 3);
    assert_eq!(boxed("ab").await, "ab");
    assert_eq!((early(true).await, early(false).await), (Err(Failure::Reset), Ok(1)));
    twice();
    assert_eq!(Table.get(7).await, 7);
    alias();
    let names = [
        "shared",
        "exclusive",
        "owned",
        "generic",
        "some",
        "some_async",
        "fallible_some",
        "future",
        "boxed",
        "early",
        "outer_twice",
        "inner_twice",
        "async_trait",
        "alias",
    ];
    for name in names {
        assert!(!spans.named(&format!("forms.{name}")).is_empty(), "{name}");
    }
    let (outer, inner) = (spans.one("forms.outer_twice"), spans.one("forms.inner_twice"));
    assert_eq!(inner.parent, Some(outer.context.span_id));
}
