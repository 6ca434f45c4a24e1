use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use mainstay_runtime::{
    clock::{self, Instant},
    shutdown::{GracefulShutdown, InFlight, Work},
};

/// What goes on on one connection.
#[derive(Debug)]
pub(super) struct Traffic {
    shutdown: GracefulShutdown,
    requests: Work,
    /// Requests that have come in, ever.
    begun: AtomicU32,
    /// Of those, whose responses are not handed over yet.
    active: AtomicU32,
    /// When a request came in or its response was handed over, in nanoseconds of the clock.
    last: AtomicU64,
    is_http2: AtomicBool,
}

impl Traffic {
    pub(super) fn new(shutdown: GracefulShutdown, requests: Work) -> Self {
        Self {
            shutdown,
            requests,
            begun: AtomicU32::new(0),
            active: AtomicU32::new(0),
            last: AtomicU64::new(clock::now().as_nanos()),
            is_http2: AtomicBool::new(false),
        }
    }

    /// A request has come in.
    pub(super) fn begin(self: &Arc<Self>, is_http2: bool) -> Exchange {
        self.begun.fetch_add(1, Ordering::AcqRel);
        self.active.fetch_add(1, Ordering::AcqRel);
        if is_http2 {
            self.is_http2.store(true, Ordering::Release);
        }
        self.touch();
        Exchange { traffic: Arc::clone(self), is_http2, _in_flight: self.requests.begin() }
    }

    fn touch(&self) {
        self.last.store(clock::now().as_nanos(), Ordering::Release);
    }

    pub(super) fn is_http2(&self) -> bool {
        self.is_http2.load(Ordering::Acquire)
    }

    pub(super) fn is_active(&self) -> bool {
        self.active.load(Ordering::Acquire) > 0
    }

    pub(super) fn is_unused(&self) -> bool {
        self.begun.load(Ordering::Acquire) == 0
    }

    /// When it will have been idle for so long since it was last used, or since `since` if that is later.
    pub(super) fn idle_at(&self, since: Instant, idle: Duration) -> Instant {
        Instant::from_nanos(self.last.load(Ordering::Acquire)).max(since) + idle
    }
}

/// A request and its response, until the response is handed over or dropped.
#[derive(Debug)]
pub(super) struct Exchange {
    traffic: Arc<Traffic>,
    is_http2: bool,
    _in_flight: InFlight,
}

impl Exchange {
    /// Whether the response is to be the last one of its connection.
    pub(super) fn is_last(&self) -> bool {
        !self.is_http2 && self.traffic.shutdown.has_begun()
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.traffic.touch();
        self.traffic.active.fetch_sub(1, Ordering::AcqRel);
    }
}
