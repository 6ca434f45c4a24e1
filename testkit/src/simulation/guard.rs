use mainstay_runtime::{
    adaptive_limit::{self, AdaptiveLimit, Priority},
    bulkhead::{Bulkhead, BulkheadPermit},
    throttle::{self, Throttle},
};

/// What stands between the callers and the server.
#[derive(Debug, Clone, Copy)]
pub enum Guard<'a> {
    /// Nothing.
    Nothing,
    /// A limit that somebody has guessed.
    Fixed(&'a Bulkhead),
    /// A limit that follows the latency.
    Adaptive(&'a AdaptiveLimit),
    /// The client's throttle.
    Throttle(&'a Throttle),
}

/// Leave to make one call.
#[derive(Debug)]
pub(super) enum Pass<'a> {
    Nothing,
    Fixed { _place: BulkheadPermit<'a> },
    Adaptive(adaptive_limit::Permit<'a>),
    Throttle(throttle::Permit<'a>),
}

/// How a call ended for whoever made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Answered,
    TimedOut,
    Rejected,
}

impl<'a> Guard<'a> {
    pub(super) fn admit(self, priority: Priority) -> Option<Pass<'a>> {
        match self {
            Self::Nothing => Some(Pass::Nothing),
            Self::Fixed(bulkhead) => bulkhead.try_enter().ok().map(|place| Pass::Fixed { _place: place }),
            Self::Adaptive(limit) => limit.try_enter(priority).ok().map(Pass::Adaptive),
            Self::Throttle(throttle) => throttle.admit().ok().map(Pass::Throttle),
        }
    }

    /// How many calls it lets be in flight.
    pub(super) fn limit(self) -> Option<u32> {
        match self {
            Self::Fixed(bulkhead) => Some(bulkhead.limit()),
            Self::Adaptive(limit) => Some(limit.limit()),
            Self::Nothing | Self::Throttle(_) => None,
        }
    }
}

impl Pass<'_> {
    pub(super) fn settle(self, end: End) {
        match (self, end) {
            (Self::Adaptive(permit), End::Answered) => permit.success(),
            (Self::Adaptive(permit), End::TimedOut | End::Rejected) => permit.overload(),
            (Self::Throttle(permit), End::Answered) => permit.accepted(),
            (Self::Throttle(permit), End::TimedOut | End::Rejected) => permit.rejected(),
            (Self::Nothing | Self::Fixed { .. }, _) => {}
        }
    }
}
