use std::borrow::Cow;

use super::{
    Attribute, SpanContext, SpanRecord, Status,
    choose::{self, Choice, Parent, choose},
    current,
    recording::{Recording, left},
    stack::{self, Key, Sort},
};

/// A span of ours, as whoever runs it holds it: two words.
#[derive(Debug)]
pub(super) enum Own {
    /// There is none, or it has ended.
    Off,
    /// Not sampled, which those inside must know, and without ids as yet.
    Anonymous,
    /// In its box: recorded, or not sampled and with ids, or with a span of `tracing` beside it.
    Held(Recording),
    /// Entered: the box is where others on this thread find it.
    Lent(Key),
}

impl Own {
    /// Begins a span, if it is sampled. Spans are recorded in this process, as the caller has seen.
    pub(super) fn begin(name: Cow<'static, str>, parent: Parent) -> Self {
        match choose(parent) {
            Choice::Nothing => Self::Off,
            Choice::Anonymous => Self::Anonymous,
            Choice::Unsampled(context) => Self::Held(Recording::unsampled(context)),
            Choice::Recorded { context, parent } => {
                let is_remote = parent.is_some_and(|parent| parent.is_remote);
                let mut recording = Recording::begin(context, parent.map(|parent| parent.span_id), is_remote);
                if let Some(record) = recording.record() {
                    record.name = name;
                }
                Self::Held(recording)
            }
        }
    }

    /// The same span in a box, where one of `tracing` has a place.
    pub(super) fn boxed(self) -> Recording {
        match self {
            Self::Held(recording) => recording,
            Self::Anonymous => Recording::of_sort(Sort::Anonymous),
            Self::Off | Self::Lent(_) => Recording::of_sort(Sort::Off),
        }
    }

    #[inline]
    pub(super) fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }

    #[inline]
    pub(super) fn is_recorded(&self) -> bool {
        match self {
            Self::Held(recording) => recording.is_recorded(),
            Self::Lent(key) => key.is_recorded(),
            Self::Off | Self::Anonymous => false,
        }
    }

    pub(super) fn context(&self) -> Option<SpanContext> {
        match self {
            Self::Held(recording) => recording.context(),
            Self::Off | Self::Anonymous | Self::Lent(_) => None,
        }
    }

    /// The same, with ids for a span that had none.
    #[inline(never)]
    pub(super) fn named(&mut self) -> Option<SpanContext> {
        if matches!(self, Self::Anonymous) {
            *self = Self::Held(Recording::unsampled(choose::unsampled()));
        }
        self.context()
    }

    /// Changes the record, if there is one. `change` must not run code of the user.
    #[inline]
    pub(super) fn change(&mut self, change: impl FnOnce(&mut SpanRecord)) {
        match self {
            Self::Held(recording) => {
                if let Some(record) = recording.record() {
                    change(record);
                }
            }
            Self::Lent(key) if key.is_recorded() => stack::with_lent(*key, change),
            Self::Off | Self::Anonymous | Self::Lent(_) => {}
        }
    }

    /// Makes it the current span until [`leave`](Self::leave).
    #[inline(never)]
    pub(super) fn enter(&mut self) {
        if !matches!(self, Self::Anonymous) || !current::enter_anonymous() {
            self.enter_known();
        }
    }

    #[inline(never)]
    fn enter_known(&mut self) {
        if matches!(self, Self::Anonymous) {
            self.named();
        }
        if let Self::Held(recording) = self {
            *self = recording.enter().map_or(Self::Off, Self::Lent);
        }
    }

    /// Makes current again what was before.
    #[inline(never)]
    pub(super) fn leave(&mut self) {
        if !matches!(self, Self::Anonymous) {
            self.leave_known();
        } else if let Some(context) = current::leave_anonymous() {
            *self = Self::Held(Recording::unsampled(context));
        }
    }

    #[inline(never)]
    fn leave_known(&mut self) {
        if let Self::Lent(key) = *self {
            *self = left(key).map_or(Self::Off, Self::Held);
        }
    }

    /// Marks a span whose call did not come to its end, and ends it.
    #[cold]
    pub(super) fn abort(&mut self, how: Aborted) {
        self.change(|record| match how {
            Aborted::Panicked => {
                record.status = Status::Error(Cow::Borrowed("panicked"));
                record.set_attribute(Attribute::new("error.type", "panic"));
            }
            Aborted::Cancelled => record.set_attribute(Attribute::new("mainstay.outcome", "cancelled")),
        });
        *self = Self::Off;
    }
}

/// Why a call did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aborted {
    /// It panicked.
    Panicked,
    /// Its future was dropped.
    Cancelled,
}
