use std::borrow::Cow;

use super::{
    Attribute, SpanContext, SpanId, SpanRecord, Status,
    choose::{Choice, Parent, choose},
    current::{self, Before},
    recording::Recording,
};

/// A span of ours, as whoever runs it holds it.
#[derive(Debug)]
pub(super) enum Own {
    /// There is none, or it has ended.
    Off,
    /// Not sampled, which those inside must know.
    Unsampled(SpanContext),
    /// Recorded.
    Recorded(Recording),
    /// Recorded and entered: the recording is where others on this thread find it.
    Lent(SpanId),
}

impl Own {
    /// Begins a span, if it is sampled. Spans are recorded in this process, as the caller has seen.
    #[inline]
    pub(super) fn begin(name: Cow<'static, str>, parent: Parent) -> Self {
        match choose(parent) {
            Choice::Nothing => Self::Off,
            Choice::Unsampled(context) => Self::Unsampled(context),
            Choice::Recorded { context, parent } => Self::Recorded(Recording::begin(name, context, parent)),
        }
    }

    #[inline]
    pub(super) fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }

    #[inline]
    pub(super) fn is_recorded(&self) -> bool {
        matches!(self, Self::Recorded(_) | Self::Lent(_))
    }

    pub(super) fn context(&self) -> Option<SpanContext> {
        match self {
            Self::Unsampled(context) => Some(*context),
            Self::Recorded(recording) => Some(recording.context),
            Self::Off | Self::Lent(_) => None,
        }
    }

    /// Changes the record, if there is one. `change` must not run code of the user.
    #[inline]
    pub(super) fn change(&mut self, change: impl FnOnce(&mut SpanRecord)) {
        match self {
            Self::Recorded(recording) => change(recording),
            Self::Lent(span) => current::with_record(*span, change),
            Self::Off | Self::Unsampled(_) => {}
        }
    }

    /// Makes it the current span until [`leave`](Self::leave).
    #[inline]
    pub(super) fn enter(&mut self) -> Option<Before> {
        match std::mem::replace(self, Self::Off) {
            Self::Unsampled(context) => {
                *self = Self::Unsampled(context);
                Some(current::enter(Some(context)))
            }
            Self::Recorded(recording) => {
                let context = recording.context;
                *self = match current::lend(recording) {
                    Ok(()) => Self::Lent(context.span_id),
                    Err(recording) => Self::Recorded(recording),
                };
                Some(current::enter(Some(context)))
            }
            other => {
                *self = other;
                None
            }
        }
    }

    #[inline]
    pub(super) fn leave(&mut self, before: Before) {
        current::leave(before);
        if let Self::Lent(span) = *self {
            *self = match current::take_back(span) {
                Some(recording) => Self::Recorded(recording),
                None => Self::Off,
            };
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
