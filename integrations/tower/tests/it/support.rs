use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use mainstay::{Class, Classify, Error};
use mainstay_testkit::{Probe, Script, Step};
use tower::{Service, ServiceExt};

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// What goes wrong in a backend.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Failure {
    Down,
    Wrong,
    Busy(Duration),
    Policy(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Policy(error)
    }
}

impl Classify for Failure {
    fn classify(&self) -> Class {
        match self {
            Self::Down => Class::Transient,
            Self::Wrong => Class::Permanent,
            Self::Busy(after) => Class::Throttled { retry_after: Some(*after) },
            Self::Policy(error) => error.classify(),
        }
    }
}

pub(crate) type Answer = Result<u64, Failure>;

/// A service that answers by a script, is ready when the test says so, and knows of calls that did not ask.
pub(crate) struct Backend {
    shared: Arc<Shared>,
    is_ready: bool,
}

struct Shared {
    script: Script<u64, Failure>,
    is_held_back: AtomicBool,
    waiting: Mutex<Vec<Waker>>,
    probe: Probe,
    called_unready: AtomicU64,
    requests: Mutex<Vec<u64>>,
}

impl Backend {
    pub(crate) fn new(script: Script<u64, Failure>) -> Self {
        let shared = Shared {
            script,
            is_held_back: AtomicBool::new(false),
            waiting: Mutex::default(),
            probe: Probe::new(),
            called_unready: AtomicU64::new(0),
            requests: Mutex::default(),
        };
        Self { shared: Arc::new(shared), is_ready: false }
    }

    pub(crate) fn always(step: Step<u64, Failure>) -> Self {
        Self::new(Script::always(step))
    }

    /// Nobody is ready from now on.
    pub(crate) fn hold_back(&self) {
        self.shared.is_held_back.store(true, SeqCst);
    }

    pub(crate) fn let_go(&self) {
        self.shared.is_held_back.store(false, SeqCst);
        std::mem::take(&mut *self.shared.waiting.lock().unwrap()).into_iter().for_each(Waker::wake);
    }

    pub(crate) fn calls(&self) -> usize {
        self.requests().len()
    }

    pub(crate) fn requests(&self) -> Vec<u64> {
        assert_eq!(self.shared.called_unready.load(SeqCst), 0, "a service was called that was not ready");
        self.shared.requests.lock().unwrap().clone()
    }

    pub(crate) fn inside(&self) -> u64 {
        self.shared.probe.inside()
    }

    pub(crate) fn most_inside(&self) -> u64 {
        self.shared.probe.most_inside()
    }
}

/// A clone is not ready because the other is.
impl Clone for Backend {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), is_ready: false }
    }
}

impl Service<u64> for Backend {
    type Response = u64;
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        let mut waiting = self.shared.waiting.lock().unwrap();
        if self.shared.is_held_back.load(SeqCst) {
            waiting.push(cx.waker().clone());
            return Poll::Pending;
        }
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: u64) -> Self::Future {
        if !std::mem::replace(&mut self.is_ready, false) {
            self.shared.called_unready.fetch_add(1, SeqCst);
        }
        self.shared.requests.lock().unwrap().push(request);
        let shared = Arc::clone(&self.shared);
        Box::pin(async move { shared.probe.watch(shared.script.run_async()).await })
    }
}

/// Whether a service is ready now.
pub(crate) fn is_ready<S: Service<u64>>(service: &mut S) -> bool {
    service.poll_ready(&mut Context::from_waker(Waker::noop())).is_ready()
}

/// A name that no other test has.
pub(crate) fn name(what: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("tower.{what}.{}", NEXT.fetch_add(1, SeqCst))
}

/// The kind of a refusal.
pub(crate) fn kind(answer: &Answer) -> Option<mainstay::Kind> {
    match answer {
        Err(Failure::Policy(error)) => Some(error.kind()),
        _ => None,
    }
}

/// Sends calls one after the other, less than `apart` milliseconds between two of them, drops one of those that are under way
/// for every fourth or so, and waits for the rest.
pub(crate) async fn send_and_drop_some<S>(service: S, calls: u64, apart: u64, seed: u64)
where
    S: Service<u64, Response = u64, Error = Failure, Future: Send> + Clone + Send + 'static,
{
    let mut random = seed;
    let mut next = move |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    let mut under_way = Vec::new();
    for n in 0..calls {
        under_way.push(tokio::spawn(service.clone().oneshot(n)));
        tokio::time::sleep(Duration::from_millis(next(apart))).await;
        if next(4) == 0 {
            let dropped = under_way.swap_remove(next(under_way.len() as u64) as usize);
            dropped.abort();
            let _ = dropped.await;
        }
    }
    for call in under_way {
        let _ = call.await.unwrap();
    }
}
