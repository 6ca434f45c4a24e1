//! The spans that are entered on this thread.
//!
//! Each lies in a box of its own, which knows the next one: to enter a span is to put one word in the place of another.

use std::{cell::Cell, mem::ManuallyDrop, ptr};

use super::{SpanData, SpanId, SpanRecord, current::Before};

/// What is known of a span only while it runs.
pub(super) struct Run {
    pub(super) sort: Sort,
    /// What was current when it was entered.
    pub(super) before: Before,
    /// Whether there is to be a span of `tracing` beside it, or instead of it.
    pub(super) is_traced: bool,
    pub(super) twin: Option<tracing::Span>,
    /// The one around it on the same thread, or the next one to be used again.
    pub(super) next: Option<SpanData>,
}

/// What a box stands for. From [`Unsampled`](Self::Unsampled) on it has ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// No span of ours.
    Off,
    /// Not sampled, and without ids as yet.
    Anonymous,
    /// Not sampled.
    Unsampled,
    /// Recorded.
    Recorded,
}

impl Run {
    pub(super) const fn new() -> Self {
        Self { sort: Sort::Off, before: Before::NOTHING, is_traced: false, twin: None, next: None }
    }
}

thread_local! {
    /// The innermost. It has no destructor, so that no access asks whether the thread is ending: what somebody has entered and
    /// forgotten is taken from here when the thread's spare boxes go.
    static TOP: Cell<Option<ManuallyDrop<SpanData>>> = const { Cell::new(None) };
}

/// A span that is entered on this thread: where its box is, and in the lowest bit whether it is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key(pub(super) usize);

impl Key {
    #[inline]
    pub(super) fn is_recorded(self) -> bool {
        self.0 & 1 != 0
    }

    #[inline]
    fn of(data: &SpanData) -> Self {
        Self(ptr::from_ref(&*data.0).addr() | usize::from(data.0.run.sort == Sort::Recorded))
    }
}

/// Puts a span where others on this thread find it.
#[inline(always)]
pub(super) fn lend(mut data: SpanData) -> Key {
    let key = Key::of(&data);
    data.0.run.next = TOP.take().map(ManuallyDrop::into_inner);
    TOP.set(Some(ManuallyDrop::new(data)));
    key
}

/// Takes it away again.
#[inline]
pub(super) fn take_back(key: Key) -> Option<SpanData> {
    let mut top = ManuallyDrop::into_inner(TOP.take()?);
    if Key::of(&top) == key {
        TOP.set(top.0.run.next.take().map(ManuallyDrop::new));
        return Some(top);
    }
    let found = take_from_within(&mut top.0.run.next, key);
    TOP.set(Some(ManuallyDrop::new(top)));
    found
}

/// Takes away the innermost.
pub(super) fn take_top() -> Option<SpanData> {
    let mut top = ManuallyDrop::into_inner(TOP.take()?);
    TOP.set(top.0.run.next.take().map(ManuallyDrop::new));
    Some(top)
}

/// Where spans are left in another order than one inside the other.
#[cold]
fn take_from_within(mut at: &mut Option<SpanData>, key: Key) -> Option<SpanData> {
    while let Some(data) = at {
        if Key::of(data) == key {
            break;
        }
        at = match at {
            Some(data) => &mut data.0.run.next,
            None => return None,
        };
    }
    let mut found = at.take()?;
    *at = found.0.run.next.take();
    Some(found)
}

/// Changes the record for which `is` holds, the innermost if there are several. `change` must not run code of the user.
fn with(is: impl Fn(&SpanData) -> bool, change: impl FnOnce(&mut SpanRecord)) {
    let mut top = TOP.take().map(ManuallyDrop::into_inner);
    let mut at = &mut top;
    while let Some(data) = at {
        if is(data) {
            change(data);
            break;
        }
        at = &mut data.0.run.next;
    }
    TOP.set(top.map(ManuallyDrop::new));
}

/// Changes the record of that span, if it is entered on this thread.
pub(super) fn with_record(span: SpanId, change: impl FnOnce(&mut SpanRecord)) {
    with(|data| data.0.run.sort == Sort::Recorded && data.context.span_id == span, change);
}

/// Changes the record of what was lent.
pub(super) fn with_lent(key: Key, change: impl FnOnce(&mut SpanRecord)) {
    with(|data| Key::of(data) == key, change);
}
