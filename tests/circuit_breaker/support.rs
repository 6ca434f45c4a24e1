//! A call is written as a letter, a sequence of calls as a word.

use std::{any::Any, future::Future, pin::Pin, time::Duration};

use mainstay::{Kind, clock::ManualClock};
use mainstay_testkit::{Script, Step};

pub(crate) const SECOND: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum E {
    #[error("down")]
    Down,
    #[error("busy")]
    Busy,
    #[error("declined")]
    Declined,
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

pub(crate) type Answer = Result<(), E>;
pub(crate) type Upstream = Script<(), E>;
pub(crate) type Later<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// A dependency that answers by the letters and must not be called once more: `S` succeeds, `F`, `B` and `D` fail as
/// [`E`] says, `s` and `f` are slow by a second, `P` panics, `H` hangs.
pub(crate) fn upstream(letters: &str) -> Upstream {
    let step = |letter| match letter {
        'S' => Step::ok(()),
        'F' => Step::fail(E::Down),
        'B' => Step::fail(E::Busy),
        'D' => Step::fail(E::Declined),
        's' => Step::delay(SECOND, Step::ok(())),
        'f' => Step::delay(SECOND, Step::fail(E::Down)),
        'P' => Step::panic("upstream"),
        'H' => Step::hang(),
        _ => unreachable!("no such letter: {letter}"),
    };
    letters
        .chars()
        .filter(|letter| *letter != ' ')
        .fold(Script::steps(), |steps, letter| steps.step(step(letter)))
        .end()
}

/// `S` for success, `F`, `B`, `D` for the errors, `X` for a refusal, `T` for a time-out.
pub(crate) fn letter(answer: &Answer) -> char {
    match answer {
        Ok(()) => 'S',
        Err(E::Down) => 'F',
        Err(E::Busy) => 'B',
        Err(E::Declined) => 'D',
        Err(E::Policy(error)) if error.kind() == Kind::CircuitOpen => 'X',
        Err(E::Policy(error)) if error.kind() == Kind::TimedOut => 'T',
        Err(E::Policy(error)) => unreachable!("{error}"),
    }
}

/// One function of a pair that differs in being async only. Each has a breaker of its own.
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

    pub(crate) async fn once(&self, upstream: &Upstream) -> Answer {
        match self {
            Self::Sync(call, ..) => call(upstream),
            Self::Async(call) => call(upstream).await,
        }
    }

    /// Calls so often and tells the answers' letters.
    pub(crate) async fn times(&self, calls: usize, upstream: &Upstream) -> String {
        let mut letters = String::new();
        for _ in 0..calls {
            letters.push(letter(&self.once(upstream).await));
        }
        letters
    }

    /// Lets time pass.
    pub(crate) async fn wait(&self, duration: Duration) {
        match self {
            Self::Sync(_, clock, _) => clock.advance(duration),
            Self::Async(_) => tokio::time::advance(duration).await,
        }
    }
}

/// A sync and an async function under `#[circuit_breaker(options)]`, one after the other.
macro_rules! twins {
    ($($options:tt)*) => {{
        #[mainstay::circuit_breaker($($options)*)]
        fn sync(upstream: &$crate::support::Upstream) -> $crate::support::Answer {
            upstream.run()
        }
        #[mainstay::circuit_breaker($($options)*)]
        async fn not_sync(upstream: &$crate::support::Upstream) -> $crate::support::Answer {
            upstream.run_async().await
        }
        $crate::support::Twin::both(sync, |upstream| Box::pin(not_sync(upstream)))
    }};
}
