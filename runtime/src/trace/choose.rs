use super::{
    SpanContext, SpanId, SpanSite, TraceFlags, current, current::Kind, random, sampler::Word, state,
};

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

/// What most spans become, if it can be said at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quick {
    /// See [`Choice::Nothing`].
    Nothing,
    /// See [`Choice::Anonymous`]; no span is current.
    Anonymous,
    /// To be chosen with care.
    Unknown,
}

/// Whether a span that is the child of the current one is surely not recorded: some loads, and the draw of an id at most.
#[inline(always)]
pub(super) fn choose_quickly(site: &'static SpanSite) -> Quick {
    let (is_plain, kind, sampler) = (site.is_plain(), current::kind(), Word::load());
    if is_plain
        && kind == Kind::Nothing
        && (sampler.takes_none() || !sampler.takes_all() && random::skip_unless(sampler))
    {
        return Quick::Anonymous;
    }
    if is_plain && kind == Kind::Anonymous && sampler.asks_parents() {
        Quick::Nothing
    } else {
        Quick::Unknown
    }
}

/// The ids of a span that surely is recorded, being a root or the child of the current one, and the parent's.
#[inline(always)]
pub(super) fn choose_recorded(site: &'static SpanSite) -> Option<(SpanContext, Option<SpanId>, bool)> {
    let (is_plain, kind, sampler) = (site.is_plain(), current::kind(), Word::load());
    if is_plain && kind == Kind::Nothing && sampler.takes_all() {
        let context = SpanContext::new(random::trace_id(), random::span_id(), TraceFlags::SAMPLED);
        return Some((context, None, false));
    }
    let parent = current::known();
    if is_plain && kind == Kind::Known && sampler.asks_parents() && parent.is_sampled() {
        let context = SpanContext::new(parent.trace_id, random::span_id(), parent.flags);
        return Some((context, Some(parent.span_id), parent.is_remote));
    }
    None
}

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
