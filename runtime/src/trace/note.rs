//! What is noted on the span that runs on this thread.

use std::borrow::Cow;

use super::{Attribute, SpanEvent, SpanRecord, Status, ToAttribute, current, ending::Ending, stack, state};
use crate::{clock, observe::Event};

/// Sets an attribute of the current span, in place of the one of that key. Nothing happens where no span is recorded: then the
/// value is not even copied.
///
/// ```
/// mainstay_runtime::trace::add_span_attribute("cart.items", 3);
/// ```
#[inline]
pub fn add_span_attribute(key: impl Into<Cow<'static, str>>, value: impl ToAttribute) {
    if let Some(span) = current::recorded()
        && let Some(value) = value.to_attribute()
    {
        let attribute = Attribute { key: key.into(), value };
        stack::with_record(span, |record| record.set_attribute(attribute));
    }
}

/// Adds an event to the current span, now. Nothing happens where no span is recorded.
///
/// ```
/// use mainstay_runtime::trace::add_span_event;
///
/// add_span_event("cache_hit", &[("cache.key", &"prices"), ("cache.age", &12.5)]);
/// ```
#[inline]
pub fn add_span_event(name: impl Into<Cow<'static, str>>, attributes: &[(&'static str, &dyn ToAttribute)]) {
    if let Some(span) = current::recorded() {
        let event = event(name.into(), attributes);
        stack::with_record(span, |record| record.add_event(event));
    }
}

/// Says how the current span ends. Nothing happens where no span is recorded.
///
/// An annotated function that gives an error sets it itself, and keeps what is said here before.
pub fn set_span_status(status: Status) {
    if let Some(span) = current::recorded() {
        stack::with_record(span, |record| record.status = status);
    }
}

pub(super) fn event(name: Cow<'static, str>, attributes: &[(&'static str, &dyn ToAttribute)]) -> SpanEvent {
    let mut event = SpanEvent::new(name, clock::now().as_nanos());
    let given = attributes.iter().filter_map(|(key, value)| Some((*key, value.to_attribute()?)));
    event.attributes = given.map(|(key, value)| Attribute { key: Cow::Borrowed(key), value }).collect();
    event
}

/// Whether a span on this thread wants to know what policies do.
#[inline(always)]
pub(crate) fn listens() -> bool {
    state::is_on() && is_recorded()
}

/// Apart, so that a refusal costs one load more and no code where nothing is recorded.
#[cold]
#[inline(never)]
fn is_recorded() -> bool {
    current::recorded().is_some()
}

/// Notes what a policy did as an event of the current span. Keys of calls are left out: they may say who calls.
#[cold]
pub(crate) fn note(what: &Event<'_>) {
    let Some(span) = current::recorded() else { return };
    let policy: &dyn ToAttribute = &what.policy();
    let (policy, name) = (("mainstay.policy", policy), name_of(what));
    let made = match what {
        Event::Retry { attempt, delay, .. } => {
            event(name, &[policy, ("mainstay.attempt", attempt), ("mainstay.delay", &delay.as_secs_f64())])
        }
        Event::RetriesExhausted { attempts, .. } => event(name, &[policy, ("mainstay.attempts", attempts)]),
        Event::OutOfBudget { budget, .. } => event(name, &[policy, ("mainstay.budget", budget)]),
        Event::Hedged { hedge, after, .. } => {
            event(name, &[policy, ("mainstay.hedge", hedge), ("mainstay.after", &after.as_secs_f64())])
        }
        Event::Refused { error } => event(name, &[policy, ("error.type", &error.kind().as_str())]),
        Event::StateChanged { from, to, .. } => {
            event(name, &[policy, ("mainstay.from", &from.to_string()), ("mainstay.to", &to.to_string())])
        }
        Event::StoreFailed { error, .. } => event(name, &[policy, ("error.type", &error.kind().as_str())]),
        _ => event(name, &[policy]),
    };
    let refusal = match what {
        Event::Refused { error } => Some(Some((error.policy().to_owned(), error.kind().as_str()))),
        // Another attempt, or somebody else, answers now.
        Event::Retry { .. } | Event::FellBack { .. } => Some(None),
        _ => None,
    };
    stack::with_record(span, |record| {
        record.add_event(made);
        if let Some(refusal) = refusal {
            record.refusal = refusal;
        }
    });
}

fn name_of(what: &Event<'_>) -> Cow<'static, str> {
    Cow::Borrowed(match what {
        Event::StateChanged { .. } => "mainstay.state_changed",
        Event::Retry { .. } => "mainstay.retry",
        Event::RetriesExhausted { .. } => "mainstay.retries_exhausted",
        Event::OutOfBudget { .. } => "mainstay.out_of_budget",
        Event::Hedged { .. } => "mainstay.hedged",
        Event::Refused { .. } => "mainstay.refused",
        Event::FellBack { .. } => "mainstay.fell_back",
        Event::Replayed { .. } => "mainstay.replayed",
        Event::TookOver { .. } => "mainstay.took_over",
        Event::CompletionRefused { .. } => "mainstay.completion_refused",
        Event::StoreFailed { .. } => "mainstay.store_failed",
        Event::StoreRecovered { .. } => "mainstay.store_recovered",
        Event::Ordered { .. } => "mainstay.ordered",
        Event::Overridden { .. } => "mainstay.overridden",
    })
}

/// Notes how a call ended. What the body said itself about the status stands.
pub(super) fn end(record: &mut SpanRecord, ending: Ending) {
    let Ending { error_type, error, value } = ending;
    if let Some(value) = value {
        record.set_attribute(Attribute::new("mainstay.return", value));
    }
    let Some(error_type) = error_type else { return };
    let refusal = record.refusal.take();
    let named = refusal.as_ref().map_or(error_type, |(_, kind)| kind);
    if record.attribute("error.type").is_none() {
        record.set_attribute(Attribute::new("error.type", named));
    }
    if let Some((policy, _)) = refusal {
        record.set_attribute(Attribute::new("mainstay.policy", policy));
    }
    if record.status == Status::Unset {
        record.status = Status::Error(error.clone().map_or(Cow::Borrowed(""), Cow::Owned));
    }
    if let Some(message) = error {
        let mut event = SpanEvent::new("exception", clock::now().as_nanos());
        event.attributes =
            vec![Attribute::new("exception.type", error_type), Attribute::new("exception.message", message)];
        record.add_event(event);
    }
}
