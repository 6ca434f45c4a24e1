use super::{SpanContext, TraceFlags, current, random, sampler::Word};

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
    /// A context that tells those inside that the trace is not sampled.
    Unsampled(SpanContext),
    /// A recording.
    Recorded { context: SpanContext, parent: Option<SpanContext> },
}

#[inline]
pub(super) fn choose(parent: Parent) -> Choice {
    let sampler = Word::load();
    let (parent, is_current) = match parent {
        Parent::Current => {
            let (parent, is_foreign) = current::innermost();
            (parent, !is_foreign)
        }
        Parent::Given(parent) => (parent, false),
    };
    let Some(parent) = parent else { return root(sampler) };
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
    if current::is_quiet() {
        return Choice::Nothing;
    }
    let trace = random::trace_id();
    if sampler.takes(trace) {
        let context = SpanContext::new(trace, random::span_id(), TraceFlags::SAMPLED);
        return Choice::Recorded { context, parent: None };
    }
    Choice::Unsampled(SpanContext::new(trace, random::span_id_of(trace), TraceFlags::NONE))
}
