//! A trace that goes through headers.

use std::collections::HashMap;

use mainstay::{
    trace::{self, Sampler, baggage, extract, inject, propagate_trace_context},
    trace_span,
};
use mainstay_testkit::{Spans, Stepper};

type Headers = HashMap<String, String>;

/// The other service: a server that calls nobody.
#[trace_span("headers.server")]
async fn serve() -> Headers {
    tokio::task::yield_now().await;
    client()
}

#[trace_span("headers.client")]
fn client() -> Headers {
    let mut headers = Headers::new();
    inject(&mut headers);
    headers
}

fn parsed(headers: &Headers) -> mainstay::trace::SpanContext {
    extract(headers).span.unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_callee_continues_the_trace_of_its_caller() {
    let spans = Spans::record();
    let sent = client();
    let own = spans.one("headers.client");
    assert_eq!(sent["traceparent"], own.context.to_traceparent().to_string());
    let answer = extract(&sent).around(serve()).await;
    let server = spans.one("headers.server");
    assert_eq!((server.parent, server.parent_is_remote), (Some(own.context.span_id), true));
    assert_eq!(parsed(&answer).trace_id, own.context.trace_id);
    assert_eq!(trace::current(), None);
}

#[test]
fn what_came_along_goes_on_in_whichever_thread_while_the_request_is_held() {
    let _spans = Spans::record();
    let headers: Headers = [
        ("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ("tracestate", "congo=t61rcWkgMzE"),
        ("baggage", "tenant=acme"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let mut call = Stepper::new(extract(&headers).around(serve()));
    assert!(call.poll().is_pending());
    assert!(baggage().is_empty());
    let std::task::Poll::Ready(sent) =
        std::thread::scope(|scope| scope.spawn(|| call.poll()).join().unwrap())
    else {
        panic!("it waits for nothing")
    };
    assert_eq!((sent["tracestate"].as_str(), sent["baggage"].as_str()), ("congo=t61rcWkgMzE", "tenant=acme"));
    {
        let _attached = extract(&headers).attach();
        assert_eq!(baggage().get("tenant"), Some("acme"));
    }
    // When the request is over nothing is kept of it.
    drop(call);
    let mut alone = headers.clone();
    alone.retain(|name, _| name == "Traceparent");
    let _attached = extract(&alone).attach();
    assert!(!client().contains_key("tracestate"));
}

#[test]
fn a_trace_that_is_not_sampled_is_passed_on_as_that() {
    let _spans = Spans::sampled(Sampler::always_off());
    assert!(!parsed(&client()).is_sampled());
}

#[test]
fn nothing_is_sent_where_no_span_is_current() {
    let _none = Spans::none();
    assert!(client().is_empty());
    assert!(propagate_trace_context().is_empty());
}

#[test]
fn two_traceparents_are_none_and_a_state_without_one_is_nobodys() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let one = pair("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    let two = vec![one.clone(), one.clone(), pair("tracestate", "a=1"), pair("baggage", "b=2")];
    let incoming = extract(&two);
    assert!(incoming.span.is_none() && incoming.state.is_empty());
    assert_eq!(incoming.baggage.get("b"), Some("2"));
    assert!(extract(&vec![one]).span.is_some());
}

#[test]
fn headers_that_were_there_are_replaced() {
    let _spans = Spans::record();
    let mut headers = vec![("TraceParent".to_owned(), "old".to_owned())];
    let _active = trace::tracer("headers").span("headers.replaced").enter();
    inject(&mut headers);
    assert_eq!(headers.len(), 1);
    assert_eq!(extract(&headers).span.map(|span| span.span_id), trace::current().map(|span| span.span_id));
}
