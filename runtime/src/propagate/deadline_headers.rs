use std::{
    sync::{PoisonError, RwLock, atomic::AtomicBool, atomic::Ordering},
    time::Duration,
};

use super::DeadlineHeader;
use crate::{
    clock::{self, Instant},
    context::{Extractor, Injector},
    deadline,
};

/// In which headers the time that is left goes from service to service, process-wide.
///
/// What is sent is a time and no instant, so the clocks of the services need not agree; the way of the request itself is
/// not counted, unless by a [`margin`](Self::margin).
///
/// ```
/// use std::{collections::HashMap, time::Duration};
/// use mainstay_runtime::{deadline, propagate};
///
/// let received = HashMap::from([(String::from("grpc-timeout"), String::from("1500m"))]);
/// let left = propagate::extract(&received).scope(deadline::remaining);
/// assert!(left.is_some_and(|left| left <= Duration::from_millis(1500)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeadlineHeaders {
    write: Option<DeadlineHeader>,
    read: &'static [DeadlineHeader],
    margin: Duration,
    cap: Duration,
}

static IN_FORCE: RwLock<DeadlineHeaders> = RwLock::new(DeadlineHeaders::new());

impl DeadlineHeaders {
    /// The defaults: `grpc-timeout` is written, that and Envoy's `x-envoy-expected-rq-timeout-ms` are read; no margin, and at
    /// most an hour is taken from outside.
    pub const fn new() -> Self {
        Self {
            write: Some(DeadlineHeader::GrpcTimeout),
            read: &[DeadlineHeader::GrpcTimeout, DeadlineHeader::EnvoyExpected],
            margin: Duration::ZERO,
            cap: Duration::from_secs(3600),
        }
    }

    /// None is written, and none is read.
    pub const fn none() -> Self {
        Self { write: None, read: &[], ..Self::new() }
    }

    /// The header that requests get that go out; `None` for no header.
    #[must_use]
    pub const fn write(self, write: Option<DeadlineHeader>) -> Self {
        Self { write, ..self }
    }

    /// The headers that are looked for in requests that come in. Of several that are there the shortest time counts.
    #[must_use]
    pub const fn read(self, read: &'static [DeadlineHeader]) -> Self {
        Self { read, ..self }
    }

    /// How much less is sent than is left: for the way there and back. A call that has no more than that left is as one whose
    /// deadline has passed. Default: nothing.
    #[must_use]
    pub const fn margin(self, margin: Duration) -> Self {
        Self { margin, ..self }
    }

    /// The most that is taken from outside: a longer time is as one of this length. Default: one hour.
    #[must_use]
    pub const fn cap(self, cap: Duration) -> Self {
        Self { cap, ..self }
    }

    /// Makes it so from now on, in the whole process.
    pub fn put_in_force(self) {
        *IN_FORCE.write().unwrap_or_else(PoisonError::into_inner) = self;
    }

    /// Those in force.
    pub fn in_force() -> Self {
        *IN_FORCE.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The deadline that a request brings, from now on. A value that is none is as if it were not there, and the first of all is
    /// told of in the log.
    pub(super) fn extract(self, headers: &(impl Extractor + ?Sized)) -> Option<Instant> {
        let mut shortest: Option<Duration> = None;
        for header in self.read {
            headers.for_each(header.name(), &mut |value| match header.parse(value) {
                Some(time) => shortest = Some(shortest.map_or(time, |shortest| shortest.min(time))),
                None => tell_once(*header),
            });
        }
        Some(clock::now() + shortest?.min(self.cap))
    }

    /// Writes what is left here, without the margin.
    pub(super) fn inject(self, headers: &mut (impl Injector + ?Sized)) {
        let Some(header) = self.write else { return };
        if let Some(left) = deadline::remaining() {
            headers.set(header.name(), &header.format(left.saturating_sub(self.margin)));
        }
    }

    /// Whether a call that goes out from here now can be answered in time.
    pub fn allow_a_call(self) -> bool {
        if self.margin.is_zero() || self.write.is_none() {
            return !deadline::has_passed();
        }
        deadline::remaining().is_none_or(|left| left > self.margin)
    }
}

impl Default for DeadlineHeaders {
    fn default() -> Self {
        Self::new()
    }
}

/// Once, because whoever sends it can send it a thousand times a second; and never what it was.
fn tell_once(header: DeadlineHeader) {
    static TOLD: AtomicBool = AtomicBool::new(false);
    if !TOLD.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            target: "mainstay",
            header = header.name(),
            "a request brought a deadline that is none: it is ignored, and so are those to come, without a word"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    const MILLIS: DeadlineHeader = DeadlineHeader::Millis("x-request-timeout-ms");

    fn brought(headers: DeadlineHeaders, pairs: &[(&str, &str)]) -> Option<Duration> {
        let clock = ManualClock::new();
        let _installed = clock.install();
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        headers.extract(&pairs).map(|end| end.saturating_since(clock.now()))
    }

    fn sent(headers: DeadlineHeaders, left: Duration) -> Vec<(String, String)> {
        let clock = ManualClock::new();
        let _installed = clock.install();
        let mut sent = Vec::new();
        deadline::sync_scope(left, || headers.inject(&mut sent));
        sent
    }

    #[test]
    fn of_several_headers_the_shortest_time_counts() {
        let headers = DeadlineHeaders::new();
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(
            brought(headers, &[("grpc-timeout", "2S"), ("x-envoy-expected-rq-timeout-ms", "300")]),
            ms(300)
        );
        assert_eq!(brought(headers, &[("Grpc-Timeout", "2S"), ("grpc-timeout", "1S")]), ms(1000));
        assert_eq!(brought(headers, &[(MILLIS.name(), "5")]), None);
        assert_eq!(brought(headers.read(&[MILLIS]), &[(MILLIS.name(), "5"), ("grpc-timeout", "1m")]), ms(5));
        assert_eq!(brought(DeadlineHeaders::none(), &[("grpc-timeout", "1S")]), None);
    }

    #[test]
    fn what_is_no_time_is_as_if_it_were_not_there() {
        let headers = DeadlineHeaders::new();
        assert_eq!(brought(headers, &[("grpc-timeout", "soon")]), None);
        assert_eq!(
            brought(headers, &[("grpc-timeout", "0n"), ("grpc-timeout", "7S")]),
            Some(Duration::from_secs(7))
        );
    }

    #[test]
    fn a_time_beyond_the_cap_is_as_one_of_its_length() {
        let headers = DeadlineHeaders::new();
        assert_eq!(brought(headers, &[("grpc-timeout", "99999999H")]), Some(Duration::from_secs(3600)));
        let headers = headers.cap(Duration::from_secs(5));
        assert_eq!(brought(headers, &[("grpc-timeout", "6S")]), Some(Duration::from_secs(5)));
        assert_eq!(brought(headers, &[("grpc-timeout", "4S")]), Some(Duration::from_secs(4)));
    }

    #[test]
    fn what_is_left_is_sent_without_the_margin() {
        let headers = DeadlineHeaders::new();
        let pair = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        let second = Duration::from_secs(1);
        assert_eq!(sent(headers, second), pair("grpc-timeout", "1000000u"));
        assert_eq!(sent(headers.margin(second / 10), second), pair("grpc-timeout", "900000u"));
        assert_eq!(sent(headers.write(Some(MILLIS)), second), pair(MILLIS.name(), "1000"));
        assert_eq!(sent(headers.write(None), second), []);
        // A deadline that has passed is one that the next service hears of.
        assert_eq!(sent(headers.margin(second), second), pair("grpc-timeout", "1n"));
    }

    #[test]
    fn without_a_deadline_nothing_is_sent() {
        let mut sent = Vec::<(String, String)>::new();
        DeadlineHeaders::new().inject(&mut sent);
        assert_eq!(sent, []);
    }

    #[test]
    fn a_call_within_the_margin_of_its_deadline_is_as_one_after_it() {
        let clock = ManualClock::new();
        let _installed = clock.install();
        let second = Duration::from_secs(1);
        let allowed =
            |margin| deadline::sync_scope(second, || DeadlineHeaders::new().margin(margin).allow_a_call());
        assert!(allowed(Duration::ZERO) && allowed(second / 2));
        assert!(!allowed(second) && !allowed(second * 2));
        assert!(DeadlineHeaders::new().margin(second).allow_a_call());
        deadline::sync_scope(Duration::ZERO, || assert!(!DeadlineHeaders::new().allow_a_call()));
    }
}
