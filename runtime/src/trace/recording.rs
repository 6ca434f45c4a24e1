//! A span under way, and where its memory comes from and goes to.

use std::{borrow::Cow, cell::Cell, fmt};

use super::{
    SpanContext, SpanData, SpanId, SpanKind, SpanRecord, SpanSite, Status, choose, current, pipeline,
    stack::{self, Key, Sort},
};
use crate::clock;

/// A span in its box. Dropped, it has ended: a record goes to the exporter, wherever that happens.
pub(super) struct Recording(Option<SpanData>);

impl Recording {
    /// Begins a span that is recorded, now, with no name yet.
    #[inline]
    pub(super) fn begin(context: SpanContext, parent: Option<SpanId>, parent_is_remote: bool) -> Self {
        let start = clock::now().as_nanos();
        let mut data = spare();
        let (record, run) = (&mut data.0.record, &mut data.0.run);
        run.sort = Sort::Recorded;
        record.context = context;
        record.start = start;
        (record.parent, record.parent_is_remote) = (parent, parent_is_remote);
        Self(Some(data))
    }

    /// A span that is not sampled, which those inside must know.
    pub(super) fn unsampled(context: SpanContext) -> Self {
        let mut data = spare();
        data.0.run.sort = Sort::Unsampled;
        data.context = context;
        Self(Some(data))
    }

    /// A box for a span of `tracing` alone, or beside one without ids.
    pub(super) fn of_sort(sort: Sort) -> Self {
        let mut data = spare();
        data.0.run.sort = sort;
        Self(Some(data))
    }

    #[inline]
    fn sort(&self) -> Sort {
        self.0.as_ref().map_or(Sort::Off, |data| data.0.run.sort)
    }

    #[inline]
    pub(super) fn is_recorded(&self) -> bool {
        self.sort() == Sort::Recorded
    }

    pub(super) fn context(&self) -> Option<SpanContext> {
        let data = self.0.as_ref()?;
        matches!(data.0.run.sort, Sort::Recorded | Sort::Unsampled).then_some(data.context)
    }

    /// Tells the record, if there is one, where it is made.
    #[inline]
    pub(super) fn tell(&mut self, site: &'static SpanSite) {
        if let Some(record) = self.record() {
            record.name = Cow::Borrowed(site.name());
            record.kind = site.kind;
            record.code = Some(&site.code);
        }
    }

    /// Whether there is to be a span of `tracing` beside it.
    #[inline]
    pub(super) fn is_traced(&self) -> bool {
        self.0.as_ref().is_some_and(|data| data.0.run.is_traced)
    }

    /// Says that there is to be one.
    pub(super) fn trace(&mut self) {
        if let Some(data) = &mut self.0 {
            data.0.run.is_traced = true;
        }
    }

    pub(super) fn set_twin(&mut self, twin: tracing::Span) {
        if let Some(data) = &mut self.0 {
            data.0.run.twin = Some(twin);
        }
    }

    pub(super) fn twin(&self) -> Option<&tracing::Span> {
        self.0.as_ref()?.0.run.twin.as_ref()
    }

    /// The record, if there is one.
    #[inline]
    pub(super) fn record(&mut self) -> Option<&mut SpanRecord> {
        let is_recorded = self.is_recorded();
        self.0.as_deref_mut().filter(|_| is_recorded)
    }

    /// Makes it the current span until [`left`].
    #[inline(always)]
    pub(super) fn enter(&mut self) -> Option<Key> {
        let mut data = self.0.take()?;
        if data.0.run.is_traced || data.0.run.sort < Sort::Unsampled {
            prepare(&mut data);
        }
        if data.0.run.sort >= Sort::Unsampled {
            current::enter(data.0.record.context, &mut data.0.run.before);
        }
        Some(stack::lend(data))
    }
}

/// Enters what is beside our span, or has no ids.
#[cold]
fn prepare(data: &mut SpanData) {
    // `tracing`'s first: what is entered inside ours is inside both.
    if let Some(twin) = &data.0.run.twin {
        twin.with_subscriber(|(id, dispatch)| dispatch.enter(id));
    }
    if data.0.run.sort == Sort::Anonymous && !current::enter_anonymous() {
        data.context = choose::unsampled();
        data.0.run.sort = Sort::Unsampled;
    }
}

/// Takes back what was entered: what was current before is current again.
#[inline(always)]
pub(super) fn left(key: Key) -> Option<Recording> {
    let mut data = stack::take_back(key)?;
    if data.0.run.sort >= Sort::Unsampled {
        current::leave(&data.0.run.before);
    }
    if data.0.run.is_traced || data.0.run.sort < Sort::Unsampled {
        conclude(&mut data);
    }
    Some(Recording(Some(data)))
}

/// Leaves what is beside our span, or has had no ids when it was entered.
#[cold]
fn conclude(data: &mut SpanData) {
    if data.0.run.sort == Sort::Anonymous
        && let Some(context) = current::leave_anonymous()
    {
        data.context = context;
        data.0.run.sort = Sort::Unsampled;
    }
    if let Some(twin) = &data.0.run.twin {
        twin.with_subscriber(|(id, dispatch)| dispatch.exit(id));
    }
}

impl Drop for Recording {
    #[inline]
    fn drop(&mut self) {
        if let Some(data) = self.0.take() {
            end(data);
        }
    }
}

fn end(mut data: SpanData) {
    let (record, run) = (&mut data.0.record, &mut data.0.run);
    let is_recorded = run.sort == Sort::Recorded;
    if is_recorded {
        record.end = clock::now().as_nanos().max(record.start);
    }
    if run.is_traced {
        run.is_traced = false;
        run.twin = None;
    }
    if is_recorded {
        pipeline::finish(data);
    } else {
        keep(data);
    }
}

thread_local! {
    /// Boxes for spans to come.
    static SPARE: Spare = const { Spare { first: Cell::new(None), count: Cell::new(0) } };
}

struct Spare {
    /// Each knows the next one.
    first: Cell<Option<SpanData>>,
    count: Cell<usize>,
}

impl Drop for Spare {
    /// Ends the spans that were entered on this thread and never left.
    fn drop(&mut self) {
        while let Some(data) = stack::take_top() {
            drop(Recording(Some(data)));
        }
    }
}

/// How many boxes a thread takes from the common pool at a time, and how many it keeps of those that go nowhere.
const AT_A_TIME: usize = 32;

#[inline]
fn spare() -> SpanData {
    let spare = SPARE.try_with(|spare| {
        let mut data = spare.first.take().or_else(|| taken(spare))?;
        spare.first.set(data.0.run.next.take());
        spare.count.set(spare.count.get().wrapping_sub(1));
        Some(data)
    });
    spare.ok().flatten().unwrap_or_else(fresh)
}

/// Some from the pool.
#[cold]
fn taken(spare: &Spare) -> Option<SpanData> {
    let (mut first, mut count) = (None, 0);
    pipeline::take_spare(AT_A_TIME, |mut data: SpanData| {
        data.0.run.next = first.take();
        first = Some(data);
        count += 1;
    });
    spare.count.set(count);
    first
}

#[cold]
fn fresh() -> SpanData {
    SpanRecord::new("", SpanContext::UNSEEN).into()
}

/// Keeps a box that nothing has been recorded in, or lets it go.
fn keep(mut data: SpanData) {
    let _ = SPARE.try_with(|spare| {
        let count = spare.count.get();
        if count < AT_A_TIME {
            data.0.run.next = spare.first.take();
            spare.first.set(Some(data));
            spare.count.set(count + 1);
        }
    });
}

/// Makes a record fit to be used again. What it has grown to by an unusual span is given back.
pub(super) fn wash(data: &mut SpanRecord) {
    fn clear<T>(things: &mut Vec<T>, keep: usize) {
        things.clear();
        if things.capacity() > keep {
            things.shrink_to(keep);
        }
    }
    clear(&mut data.attributes, 16);
    clear(&mut data.events, 4);
    clear(&mut data.links, 2);
    data.name = Cow::Borrowed("");
    data.kind = SpanKind::Internal;
    data.status = Status::Unset;
    data.scope = super::SCOPE;
    data.code = None;
    data.refusal = None;
    (data.dropped_attributes, data.dropped_events, data.dropped_links) = (0, 0, 0);
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recording").field(&self.context()).finish()
    }
}
