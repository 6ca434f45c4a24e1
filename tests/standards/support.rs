//! A call is written as a letter, a sequence of calls as a word: capitals are the body's answers, small letters our own
//! refusals.

use std::{any::Any, future::Future, pin::Pin, sync::Mutex, task::Poll, time::Duration};

use mainstay::{
    Kind,
    clock::{self, Instant, ManualClock},
};
use mainstay_testkit::{Probe, Script, Step, Stepper};
use tokio::sync::Semaphore;

/// An error that says nothing of its class, hence a failure that may be tried again.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum E {
    #[error("down")]
    Down,
    #[error("busy")]
    Busy,
    #[error("declined")]
    Declined,
    #[error("refused")]
    Policy(#[from] mainstay::Error),
}

pub(crate) type Answer<T = ()> = Result<T, E>;
pub(crate) type Later<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

pub(crate) const SECOND: Duration = Duration::from_secs(1);

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// What the body does: `S` succeeds, `F`, `B` and `D` fail as [`E`] says, `H` hangs.
fn step_of(letter: char) -> Step<(), E> {
    match letter {
        'S' => Step::ok(()),
        'F' => Step::fail(E::Down),
        'B' => Step::fail(E::Busy),
        'D' => Step::fail(E::Declined),
        'H' => Step::hang(),
        _ => unreachable!("no such letter: {letter}"),
    }
}

/// `o` for a breaker's refusal, `b` for a bulkhead's, `r` for a rate limit's, `t` for a time-out.
pub(crate) fn letter<T>(answer: &Answer<T>) -> char {
    match answer {
        Ok(_) => 'S',
        Err(E::Down) => 'F',
        Err(E::Busy) => 'B',
        Err(E::Declined) => 'D',
        Err(E::Policy(error)) => match error.kind() {
            Kind::CircuitOpen => 'o',
            Kind::BulkheadFull => 'b',
            Kind::RateLimited => 'r',
            Kind::TimedOut => 't',
            _ => unreachable!("{error}"),
        },
    }
}

/// A dependency that answers as told and remembers when it was asked.
pub(crate) struct Upstream {
    script: Script<(), E>,
    asked: Mutex<Vec<Instant>>,
}

/// One that answers by the letters and must not be asked once more.
pub(crate) fn upstream(letters: &str) -> Upstream {
    let letters = letters.chars().filter(|letter| *letter != ' ');
    let steps = letters.fold(Script::steps(), |steps, letter| steps.step(step_of(letter)));
    Upstream { script: steps.end(), asked: Mutex::default() }
}

/// One that answers the same for ever.
pub(crate) fn always(letter: char) -> Upstream {
    Upstream { script: Script::always(step_of(letter)), asked: Mutex::default() }
}

/// One that takes its time for the same answer.
pub(crate) fn slow(delay: Duration, letter: char) -> Upstream {
    Upstream { script: Script::always(Step::delay(delay, step_of(letter))), asked: Mutex::default() }
}

impl Upstream {
    pub(crate) fn run(&self) -> Answer {
        self.asked.lock().unwrap().push(clock::now());
        self.script.run()
    }

    pub(crate) async fn run_async(&self) -> Answer {
        self.asked.lock().unwrap().push(clock::now());
        self.script.run_async().await
    }

    /// How often the body ran.
    pub(crate) fn calls(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    /// The time from each start of the body to the next.
    pub(crate) fn gaps(&self) -> Vec<Duration> {
        self.asked.lock().unwrap().windows(2).map(|pair| pair[1].saturating_since(pair[0])).collect()
    }
}

/// One function of a pair that differs in being async only. Each has policies of its own.
pub(crate) enum Twin {
    /// With its clock, which this thread follows as long as this lives.
    Sync(fn(&Upstream) -> Answer, ManualClock, #[allow(dead_code)] Box<dyn Any>),
    Async(for<'a> fn(&'a Upstream) -> Later<'a>),
}

impl Twin {
    /// The sync one, and when that is done with, the async one.
    pub(crate) fn both(
        sync: fn(&Upstream) -> Answer,
        not_sync: for<'a> fn(&'a Upstream) -> Later<'a>,
    ) -> impl Iterator<Item = Self> {
        [false, true].into_iter().map(move |is_async| match is_async {
            true => Self::Async(not_sync),
            false => {
                let clock = ManualClock::new();
                let installed = clock.install();
                Self::Sync(sync, clock, Box::new(installed))
            }
        })
    }

    /// The letter of one call.
    pub(crate) async fn once(&self, up: &Upstream) -> char {
        letter(&match self {
            Self::Sync(call, ..) => call(up),
            Self::Async(call) => call(up).await,
        })
    }

    /// The letters of so many calls, one after the other.
    pub(crate) async fn times(&self, calls: usize, up: &Upstream) -> String {
        let mut letters = String::new();
        for _ in 0..calls {
            letters.push(self.once(up).await);
        }
        letters
    }

    /// The letter of one call and the time it took.
    pub(crate) async fn timed(&self, up: &Upstream) -> (char, Duration) {
        let start = clock::now();
        let letter = self.once(up).await;
        (letter, clock::now().saturating_since(start))
    }

    /// Lets time pass.
    pub(crate) async fn wait(&self, duration: Duration) {
        match self {
            Self::Sync(_, clock, _) => clock.advance(duration),
            Self::Async(_) => tokio::time::advance(duration).await,
        }
    }
}

/// A sync and an async function under the same attributes, one after the other.
macro_rules! twins {
    ($(#[$($attribute:tt)*])+) => {{
        $(#[$($attribute)*])+
        fn sync(up: &$crate::support::Upstream) -> $crate::support::Answer {
            up.run()
        }
        $(#[$($attribute)*])+
        async fn not_sync(up: &$crate::support::Upstream) -> $crate::support::Answer {
            up.run_async().await
        }
        $crate::support::Twin::both(sync, |up| Box::pin(not_sync(up)))
    }};
}

/// An async function under the attributes, where a sync one could not be cut off.
macro_rules! later {
    ($(#[$($attribute:tt)*])+) => {{
        $(#[$($attribute)*])+
        async fn not_sync(up: &$crate::support::Upstream) -> $crate::support::Answer {
            up.run_async().await
        }
        $crate::support::Twin::Async(|up| Box::pin(not_sync(up)))
    }};
}

/// A body that is held inside until the test lets it go.
pub(crate) struct Gate {
    pub(crate) probe: Probe,
    open: Semaphore,
}

impl Gate {
    pub(crate) fn shut() -> Self {
        Self { probe: Probe::new(), open: Semaphore::new(0) }
    }

    /// What an annotated function does inside.
    pub(crate) async fn pass(&self) -> Answer {
        let through = async { self.open.acquire().await.map(|permit| permit.forget()) };
        self.probe.watch(through).await.map_err(|_| E::Down)
    }

    /// Lets so many out.
    pub(crate) fn let_out(&self, calls: usize) {
        self.open.add_permits(calls);
    }
}

/// Polls a call once: `-` for one that is inside or waits, else the letter of its answer.
pub(crate) fn step<T, F: Future<Output = Answer<T>>>(call: &mut Stepper<F>) -> char {
    match call.poll() {
        Poll::Pending => '-',
        Poll::Ready(answer) => letter(&answer),
    }
}

/// The same for many, in their order.
pub(crate) fn steps<T, F: Future<Output = Answer<T>>>(calls: &mut [Stepper<F>]) -> String {
    calls.iter_mut().map(step).collect()
}

/// So many calls, none of them begun.
pub(crate) fn many<F: Future>(count: usize, call: impl Fn() -> F) -> Vec<Stepper<F>> {
    (0..count).map(|_| Stepper::new(call())).collect()
}
