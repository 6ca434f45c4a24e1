use super::{SpanContext, TraceFlags, current, current::Kind, random, sampler::Word, state};

/// Whose child a span is to be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Parent {
    /// The current span's.
    Current,
    /// That one's; `None` for the root of a new trace.
    Given(Option<SpanContext>),
}

/// What is made of a span, before any of it is built.
#[derive(Debug)]
pub(super) enum Choice {
    /// Nothing: what is current says already that the trace is not sampled.
    Nothing,
    /// The root of a trace that is not sampled: no ids, unless somebody asks for them.
    Anonymous,
    /// A context that tells those inside that the trace is not sampled.
    Unsampled(SpanContext),
    /// A recording.
    Recorded { context: SpanContext, parent: Option<SpanContext> },
}

#[inline]
pub(super) fn choose(parent: Parent) -> Choice {
    let sampler = Word::load();
    match parent {
        Parent::Current if state::foreign().is_none() => match current::kind() {
            Kind::Nothing => root(sampler),
            Kind::Quiet => Choice::Nothing,
            Kind::Anonymous if sampler.asks_parents() => Choice::Nothing,
            Kind::Anonymous | Kind::Known => child(sampler, current::current(), true),
        },
        Parent::Current => {
            let (parent, is_foreign) = current::innermost();
            child(sampler, parent, !is_foreign)
        }
        Parent::Given(parent) => child(sampler, parent, false),
    }
}

#[inline]
fn child(sampler: Word, parent: Option<SpanContext>, is_current: bool) -> Choice {
    let Some(parent) = parent else {
        return if current::kind() == Kind::Quiet { Choice::Nothing } else { root(sampler) };
    };
    if sampler.takes_child(parent) {
        let flags = parent.flags.with(TraceFlags::SAMPLED);
        let context = SpanContext::new(parent.trace_id, random::span_id(), flags);
        return Choice::Recorded { context, parent: Some(parent) };
    }
    if is_current && !parent.is_sampled() {
        return Choice::Nothing;
    }
    Choice::Unsampled(SpanContext { flags: parent.flags.without(TraceFlags::SAMPLED), ..parent })
}

#[inline]
fn root(sampler: Word) -> Choice {
    if sampler.takes_none() {
        return Choice::Anonymous;
    }
    let trace = random::trace_id();
    if sampler.takes(trace) {
        let context = SpanContext::new(trace, random::span_id(), TraceFlags::SAMPLED);
        return Choice::Recorded { context, parent: None };
    }
    Choice::Anonymous
}

/// How often ids are drawn that the sampler would not take. It takes nearly all where that is not enough.
const DRAWS: usize = 64;

/// The ids of a trace that is not sampled, which nobody else who samples by that share would take either.
pub(super) fn unsampled() -> SpanContext {
    let sampler = Word::load();
    let mut trace = random::trace_id();
    for _ in 0..DRAWS {
        if !sampler.takes(trace) {
            break;
        }
        trace = random::trace_id();
    }
    SpanContext::new(trace, random::span_id(), TraceFlags::NONE)
}
