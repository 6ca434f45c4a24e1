use std::borrow::Cow;

use super::{
    Attribute, SpanContext, SpanId, SpanRecord, Status,
    choose::{self, Choice, Parent, choose},
    current::{self, Before},
    recording::Recording,
};

/// A span of ours, as whoever runs it holds it.
#[derive(Debug)]
pub(super) enum Own {
    /// There is none, or it has ended.
    Off,
    /// Not sampled, which those inside must know, and without ids as yet.
    Anonymous,
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
            Choice::Anonymous => Self::Anonymous,
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
            Self::Off | Self::Anonymous | Self::Lent(_) => None,
        }
    }

    /// The same, with ids for a span that had none.
    pub(super) fn named(&mut self) -> Option<SpanContext> {
        if matches!(self, Self::Anonymous) {
            *self = Self::Unsampled(choose::unsampled());
        }
        self.context()
    }

    /// Changes the record, if there is one. `change` must not run code of the user.
    #[inline]
    pub(super) fn change(&mut self, change: impl FnOnce(&mut SpanRecord)) {
        match self {
            Self::Recorded(recording) => change(recording),
            Self::Lent(span) => current::with_record(*span, change),
            Self::Off | Self::Anonymous | Self::Unsampled(_) => {}
        }
    }

    /// Makes it the current span until [`leave`](Self::leave).
    #[inline]
    pub(super) fn enter(&mut self) -> Left {
        match self {
            Self::Off | Self::Lent(_) => Left::Nothing,
            Self::Anonymous if current::enter_anonymous() => Left::Anonymous,
            Self::Anonymous | Self::Unsampled(_) => Left::Known(current::enter(self.named())),
            Self::Recorded(_) => Left::Known(self.enter_recorded()),
        }
    }

    #[inline]
    fn enter_recorded(&mut self) -> Before {
        let Self::Recorded(recording) = std::mem::replace(self, Self::Off) else {
            return current::enter(None);
        };
        let context = recording.context;
        *self = match current::lend(recording) {
            Ok(()) => Self::Lent(context.span_id),
            Err(recording) => Self::Recorded(recording),
        };
        current::enter(Some(context))
    }

    #[inline]
    pub(super) fn leave(&mut self, left: Left) {
        match left {
            Left::Nothing => {}
            Left::Anonymous => {
                if let Some(context) = current::leave_anonymous() {
                    *self = Self::Unsampled(context);
                }
            }
            Left::Known(before) => self.leave_known(before),
        }
    }

    #[inline]
    fn leave_known(&mut self, before: Before) {
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

/// What was current when a span was entered.
#[derive(Debug, Clone, Copy)]
pub(super) enum Left {
    /// What is current now: there was no span to enter.
    Nothing,
    /// No span; the one that was entered has no ids.
    Anonymous,
    /// That.
    Known(Before),
}

/// Why a call did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aborted {
    /// It panicked.
    Panicked,
    /// Its future was dropped.
    Cancelled,
}
