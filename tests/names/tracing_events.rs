use std::{
    fmt::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use mainstay::{bulkhead, circuit_breaker, circuit_breaker::CircuitBreaker, fallback, policies, retry};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use crate::support::{Answer, down, undisturbed};

/// Writes down the events of this thread, those of Mainstay only.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(Level, String)>>>);

impl Log {
    /// The lines that speak of `policy`.
    fn of(&self, policy: &str) -> Vec<(Level, String)> {
        self.0.lock().unwrap().iter().filter(|(_, line)| line.contains(policy)).cloned().collect()
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "mainstay"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.lock().unwrap().push((*event.metadata().level(), line.0));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let space = if self.0.is_empty() { "" } else { " " };
        write!(self.0, "{space}{field}={value:?}").unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn changes_of_state_are_logged_loud_when_bad_and_quiet_when_good() {
    let _undisturbed = undisturbed().await;
    #[circuit_breaker("log.breaker", failure_threshold = 1, success_threshold = 1, timeout = "1s")]
    async fn call(answer: Answer) -> Answer {
        answer
    }
    let log = Log::default();
    let _logging = tracing::subscriber::set_default(log.clone());
    call(down()).await.unwrap_err();
    tokio::time::advance(Duration::from_secs(1)).await;
    call(Ok(())).await.unwrap();
    let line = |from, to| {
        format!("message=circuit breaker changed state policy=\"log.breaker\" from={from} to={to}")
    };
    assert_eq!(
        log.of("log.breaker"),
        [
            (Level::WARN, line("closed", "open")),
            (Level::WARN, line("open", "half_open")),
            (Level::INFO, line("half_open", "closed")),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn retries_refusals_and_fallbacks_are_logged() {
    let _undisturbed = undisturbed().await;
    #[fallback("log.fallback", |_| Ok(()))]
    #[retry("log.retry", max_attempts = 2, initial_delay = "1s", jitter = none)]
    async fn call() -> Answer {
        down()
    }
    #[bulkhead("log.bulkhead", 1)]
    fn full(again: bool) -> Answer {
        if again { full(true) } else { Ok(()) }
    }
    let log = Log::default();
    let _logging = tracing::subscriber::set_default(log.clone());
    call().await.unwrap();
    full(true).unwrap_err();
    let lines = |policy| {
        log.of(policy).into_iter().map(|(level, line)| format!("{level} {line}")).collect::<Vec<_>>()
    };
    assert_eq!(
        lines("log.retry"),
        [
            "DEBUG message=attempt failed, trying again policy=\"log.retry\" attempt=1 delay=1s",
            "WARN message=gave up retrying policy=\"log.retry\" attempts=2",
        ]
    );
    assert_eq!(lines("log.fallback"), ["DEBUG message=fallback answered policy=\"log.fallback\""]);
    assert_eq!(
        lines("log.bulkhead"),
        ["DEBUG message=bulkhead `log.bulkhead` is full: 1 call is in flight \
          policy=\"log.bulkhead\" kind=bulkhead_full"]
    );
}

#[test]
fn a_conflict_is_logged_as_an_error_and_once() {
    let log = Log::default();
    let _logging = tracing::subscriber::set_default(log.clone());
    for threshold in [3, 4, 4] {
        CircuitBreaker::builder().failure_threshold(threshold).register("log.conflict").unwrap();
    }
    let lines = log.of("log.conflict");
    let [(level, line)] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(*level, Level::ERROR);
    assert!(line.contains("circuit_breaker `log.conflict` has two configurations"), "{line}");
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_may_call_into_the_policies() {
    let _undisturbed = undisturbed().await;
    #[circuit_breaker("log.call_back", failure_threshold = 1)]
    fn call() -> Answer {
        down()
    }
    struct Curious(Log);
    impl Subscriber for Curious {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            self.0.enabled(metadata)
        }
        fn new_span(&self, attributes: &Attributes<'_>) -> Id {
            self.0.new_span(attributes)
        }
        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn event(&self, event: &Event<'_>) {
            self.0.event(event);
            let breaker = policies().circuit_breaker("log.call_back").unwrap();
            assert_eq!(breaker.counts().state.to_string(), "open");
        }
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }
    // A program's first call logs in what its policies disagree, which some of these do on purpose.
    assert_eq!(policies().circuit_breaker("log.call_back").unwrap().state().as_str(), "closed");
    let log = Log::default();
    let _logging = tracing::subscriber::set_default(Curious(log.clone()));
    call().unwrap_err();
    assert_eq!(log.of("log.call_back").len(), 1);
}
