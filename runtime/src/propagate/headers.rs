use super::{BAGGAGE, Baggage, DeadlineHeaders, Incoming, Propagators, TRACEPARENT, TRACESTATE, TraceState};
use crate::{
    context::{self, Extractor, Injector},
    trace::{self, SpanContext},
};

/// Reads what a request or a message brings. Nothing that comes from outside fails here: what is malformed is as if it were
/// not there, ids that are [not permitted](context::Id) are replaced, and two `traceparent`s contradict each other: none is taken.
///
/// ```
/// use std::collections::HashMap;
/// use mainstay_runtime::propagate;
///
/// let headers = HashMap::from([(String::from("traceparent"), String::from("nonsense"))]);
/// assert!(propagate::extract(&headers).parent.is_none());
/// ```
pub fn extract(headers: &(impl Extractor + ?Sized)) -> Incoming {
    extract_by(Propagators::in_force(), headers)
}

fn extract_by(read: Propagators, headers: &(impl Extractor + ?Sized)) -> Incoming {
    let mut context = context::extract(headers);
    let deadline = DeadlineHeaders::in_force().extract(headers);
    if read.has_baggage() {
        let baggage = all(headers, BAGGAGE, |values| Baggage::parse(values));
        if !baggage.is_empty() {
            context = context.with_baggage(baggage);
        }
    }
    if !read.has_trace_context() {
        return Incoming { context, parent: None, deadline };
    }
    let parent = all(headers, TRACEPARENT, |values| match values[..] {
        [value] => SpanContext::from_traceparent(value),
        _ => None,
    });
    // A state without a span belongs to nothing.
    if parent.is_some() {
        let state = all(headers, TRACESTATE, |values| TraceState::parse(values));
        if !state.is_empty() {
            context = context.with_trace_state(state);
        }
    }
    Incoming { context, parent, deadline }
}

/// Writes what is current here into the headers of a request or a message that goes out: the span, the ids, the baggage and how
/// much time is left. What is not there is not written.
pub fn inject(headers: &mut (impl Injector + ?Sized)) {
    inject_by(Propagators::in_force(), headers);
}

fn inject_by(written: Propagators, headers: &mut (impl Injector + ?Sized)) {
    DeadlineHeaders::in_force().inject(headers);
    let span = trace::innermost().filter(|_| written.has_trace_context());
    if let Some(span) = span {
        headers.set(TRACEPARENT, &span.to_traceparent().to_string());
    }
    let Some(context) = context::current() else { return };
    context.inject(headers);
    let (state, baggage) = (context.trace_state(), context.baggage());
    if !state.is_empty() && span.is_some() {
        headers.set(TRACESTATE, state.as_str());
    }
    if !baggage.is_empty() && written.has_baggage() {
        headers.set(BAGGAGE, &baggage.to_string());
    }
}

/// The headers that [`inject`] writes, as pairs.
///
/// ```
/// use mainstay_runtime::{context::Context, propagate};
///
/// let headers = Context::new().scope(propagate::propagate_trace_context);
/// assert!(headers.iter().any(|(name, _)| name == "x-request-id"));
/// ```
pub fn propagate_trace_context() -> Vec<(String, String)> {
    let mut headers = Vec::new();
    inject(&mut headers);
    headers
}

fn all<T>(headers: &(impl Extractor + ?Sized), name: &str, read: impl FnOnce(Vec<&str>) -> T) -> T {
    let mut values = Vec::new();
    headers.for_each(name, &mut |value| values.push(value));
    read(values)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_comes_in_goes_out_again() {
        let pairs = [
            ("traceparent", PARENT),
            ("tracestate", "congo=t61"),
            ("x-correlation-id", "order-7"),
            ("x-request-id", "r-1"),
            ("baggage", "tenant=acme;ttl=1"),
        ];
        let mut sent = extract(&headers(&pairs)).scope(propagate_trace_context);
        sent.sort();
        let mut expected = headers(&pairs);
        expected.sort();
        assert_eq!(sent, expected);
    }

    #[test]
    fn what_is_not_spoken_is_neither_read_nor_written() {
        let pairs = [
            ("traceparent", PARENT),
            ("tracestate", "congo=t61"),
            ("x-correlation-id", "order-7"),
            ("x-request-id", "r-1"),
            ("baggage", "tenant=acme"),
        ];
        let (both, ids) = (Propagators::default(), ["x-correlation-id", "x-request-id"]);
        let passed = |read: Propagators, written: Propagators| {
            let mut sent = Vec::new();
            extract_by(read, &headers(&pairs)).scope(|| inject_by(written, &mut sent));
            let mut names: Vec<_> = sent.into_iter().map(|(name, _)| name).collect();
            names.sort();
            names
        };
        for none in [(Propagators::none(), both), (both, Propagators::none())] {
            assert_eq!(passed(none.0, none.1), ids);
        }
        let baggage = Propagators::none().baggage(true);
        assert_eq!(passed(baggage, baggage), ["baggage", ids[0], ids[1]]);
        let trace = Propagators::none().trace_context(true);
        assert_eq!(passed(trace, both), ["traceparent", "tracestate", ids[0], ids[1]]);
    }

    #[test]
    fn headers_that_stand_several_times_are_read_as_one() {
        let incoming = extract(&headers(&[
            ("traceparent", PARENT),
            ("tracestate", "a=1"),
            ("Tracestate", "b=2"),
            ("baggage", "x=1"),
            ("BAGGAGE", "y=2"),
        ]));
        assert_eq!(incoming.context.trace_state().as_str(), "a=1,b=2");
        assert_eq!(incoming.context.baggage().to_string(), "x=1,y=2");
    }

    #[test]
    fn a_state_without_a_span_is_not_passed_on() {
        let incoming = extract(&headers(&[("tracestate", "a=1"), ("traceparent", "00-zz")]));
        assert!(incoming.parent.is_none() && incoming.context.trace_state().is_empty());
    }

    #[test]
    fn without_anything_nothing_is_written() {
        let mut sent = HashMap::<String, String>::new();
        inject(&mut sent);
        assert!(sent.is_empty());
    }

    #[test]
    fn a_future_runs_as_a_part_of_the_request() {
        let incoming = extract(&headers(&[("traceparent", PARENT), ("x-request-id", "r-1")]));
        let mut future = Box::pin(incoming.run(async { (trace::current(), context::request_id()) }));
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        let std::task::Poll::Ready((span, id)) = future.as_mut().poll(&mut cx) else {
            panic!("nothing to wait for")
        };
        assert_eq!(span.unwrap().to_traceparent().to_string(), PARENT);
        assert_eq!(id.unwrap(), "r-1");
        assert!(trace::current().is_none() && context::current().is_none());
    }
}
