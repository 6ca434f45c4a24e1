//! A trace goes from process to process in headers.

use std::{
    collections::{BTreeMap, HashMap},
    future::Future,
    hash::BuildHasher,
};

use super::{
    Attached, Baggage, SpanContext, TraceState, WithContext, attach, current, travelling, with_context,
};

/// Headers that are read: of HTTP, of a message, of whatever has names and texts.
pub trait ReadHeaders {
    /// Gives each value of the header of that name, which is in small letters, to `each`. Names of headers of HTTP are compared
    /// without regard to case.
    fn values(&self, name: &str, each: &mut dyn FnMut(&str));
}

/// Headers that are written.
pub trait WriteHeaders {
    /// Sets the header of that name, in place of those of that name that are there.
    fn set(&mut self, name: &'static str, value: &str);
}

/// Headers of another library, through a closure.
///
/// ```
/// use mainstay_runtime::trace::{self, HeadersBy};
///
/// // The map of the crate `http` has `get_all(name)`; this one is a list of pairs.
/// let map = [("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")];
/// let incoming = trace::extract(&HeadersBy(|name: &str, each: &mut dyn FnMut(&str)| {
///     map.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).for_each(|(_, value)| each(value));
/// }));
/// assert!(incoming.span.is_some());
///
/// let mut sent = Vec::new();
/// let _attached = incoming.attach();
/// trace::inject(&mut HeadersBy(|name: &'static str, value: &str| sent.push((name, value.to_owned()))));
/// assert_eq!(sent[0].0, "traceparent");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct HeadersBy<F>(pub F);

impl<F: Fn(&str, &mut dyn FnMut(&str))> ReadHeaders for HeadersBy<F> {
    fn values(&self, name: &str, each: &mut dyn FnMut(&str)) {
        (self.0)(name, each);
    }
}

impl<F: FnMut(&'static str, &str)> WriteHeaders for HeadersBy<F> {
    fn set(&mut self, name: &'static str, value: &str) {
        (self.0)(name, value);
    }
}

macro_rules! maps {
    ($($ty:ty where [$($bound:tt)*];)*) => {$(
        impl<$($bound)*> ReadHeaders for $ty {
            fn values(&self, name: &str, each: &mut dyn FnMut(&str)) {
                self.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).for_each(|(_, value)| each(value));
            }
        }

        impl<$($bound)*> WriteHeaders for $ty {
            fn set(&mut self, name: &'static str, value: &str) {
                self.retain(|known, _| !known.eq_ignore_ascii_case(name));
                self.insert(name.to_owned(), value.to_owned());
            }
        }
    )*};
}

maps! {
    HashMap<String, String, S> where [S: BuildHasher];
    BTreeMap<String, String> where [];
}

impl ReadHeaders for Vec<(String, String)> {
    fn values(&self, name: &str, each: &mut dyn FnMut(&str)) {
        self.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).for_each(|(_, value)| each(value));
    }
}

impl WriteHeaders for Vec<(String, String)> {
    fn set(&mut self, name: &'static str, value: &str) {
        self.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.push((name.to_owned(), value.to_owned()));
    }
}

/// What came with a request or a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Incoming {
    /// The caller's span; `None` where none came.
    pub span: Option<SpanContext>,
    /// What other tracing systems have to say about the trace.
    pub state: TraceState,
    /// What the caller wants everybody to know.
    pub baggage: Baggage,
}

impl Incoming {
    /// Makes the caller's span the current one until the guard is dropped. What else came goes along with the trace for as long,
    /// in whichever thread: [`inject`] passes it on.
    pub fn attach(&self) -> IncomingAttached {
        let held = travelling::hold(self);
        IncomingAttached { _attached: attach(self.span), _held: held }
    }

    /// Runs `future` with the caller's span as the current one, whichever thread polls it.
    pub fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        let held = travelling::hold(self);
        let within: WithContext<F> = with_context(self.span, future);
        async move {
            let _held = held;
            within.await
        }
    }
}

/// Keeps the caller's span current; see [`Incoming::attach`].
#[derive(Debug)]
#[must_use = "the caller's span is current until this is dropped"]
pub struct IncomingAttached {
    _attached: Attached,
    _held: Option<travelling::Held>,
}

/// Reads what came with a request or a message: the headers `traceparent`, `tracestate` and `baggage`.
///
/// Two `traceparent`s contradict each other, so none is taken.
///
/// ```
/// use std::collections::HashMap;
/// use mainstay_runtime::trace;
///
/// let mut headers = HashMap::new();
/// headers.insert("traceparent".to_owned(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned());
/// headers.insert("tracestate".to_owned(), "congo=t61rcWkgMzE".to_owned());
///
/// let incoming = trace::extract(&headers);
/// let _attached = incoming.attach();
/// // Spans that begin here are children of the caller's.
///
/// let mut outgoing = HashMap::new();
/// trace::inject(&mut outgoing);
/// assert_eq!(outgoing["tracestate"], "congo=t61rcWkgMzE");
/// ```
pub fn extract(headers: &(impl ReadHeaders + ?Sized)) -> Incoming {
    let (mut span, mut count) = (None, 0);
    headers.values("traceparent", &mut |value| {
        span = SpanContext::from_traceparent(value);
        count += 1;
    });
    let span = span.filter(|_| count == 1);
    let all = |name| {
        let mut values: Vec<String> = Vec::new();
        headers.values(name, &mut |value| values.push(value.to_owned()));
        values
    };
    let state = match span {
        Some(_) => TraceState::parse(all("tracestate").iter().map(String::as_str)),
        // Without a trace it is nobody's.
        None => TraceState::default(),
    };
    Incoming { span, state, baggage: Baggage::parse(all("baggage").iter().map(String::as_str)) }
}

/// Writes what a request or a message takes along: the current span as `traceparent`, and what came with its trace as
/// `tracestate` and `baggage`. Nothing where no span is current.
///
/// A span that is not sampled is passed on as that, so that nobody records a part of the trace.
pub fn inject(headers: &mut (impl WriteHeaders + ?Sized)) {
    if let Some(span) = current() {
        inject_span(span, headers);
    }
}

/// The same for a given span: a request that is made in the name of another one.
pub fn inject_span(span: SpanContext, headers: &mut (impl WriteHeaders + ?Sized)) {
    headers.set("traceparent", &span.to_traceparent().to_string());
    let Some((state, baggage)) = travelling::with(span.trace_id) else { return };
    if !state.is_empty() {
        headers.set("tracestate", state.as_str());
    }
    if !baggage.is_empty() {
        headers.set("baggage", &baggage.to_header());
    }
}

/// What an outgoing request takes along, as pairs.
///
/// ```
/// let headers = mainstay_runtime::trace::propagate_trace_context();
/// assert!(headers.is_empty()); // no span is current here
/// ```
pub fn propagate_trace_context() -> Vec<(String, String)> {
    let mut headers = Vec::new();
    inject(&mut headers);
    headers
}

/// What the callers of the current trace want everybody to know; empty where nothing came with it.
pub fn baggage() -> Baggage {
    current().and_then(|span| travelling::with(span.trace_id)).map(|(_, baggage)| baggage).unwrap_or_default()
}
