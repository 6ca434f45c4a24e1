use std::{any::Any, future::Future, pin::Pin, time::Duration};

use mainstay::{Error, clock::ManualClock};

pub(crate) type Answer = Result<(), Error>;
pub(crate) type Later = Pin<Box<dyn Future<Output = Answer> + Send>>;

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Zero for a call that was let in, else the milliseconds after which it may come again.
pub(crate) fn wait_of(answer: &Answer) -> f64 {
    match answer {
        Ok(()) => 0.0,
        Err(Error::RateLimited { retry_after, .. }) => retry_after.as_secs_f64() * 1000.0,
        Err(error) => panic!("{error}"),
    }
}

/// One function of a pair that differs in being async only. Each has a limiter of its own.
pub(crate) enum Twin {
    /// With its clock, which this thread follows as long as this lives.
    Sync(fn() -> Answer, ManualClock, #[allow(dead_code)] Box<dyn Any>),
    Async(fn() -> Later),
}

impl Twin {
    /// The sync one, and when that is done with, the async one.
    pub(crate) fn both(sync: fn() -> Answer, not_sync: fn() -> Later) -> impl Iterator<Item = Self> {
        [false, true].into_iter().map(move |is_async| match is_async {
            true => Self::Async(not_sync),
            false => {
                let clock = ManualClock::new();
                let installed = clock.install();
                Self::Sync(sync, clock, Box::new(installed))
            }
        })
    }

    pub(crate) async fn once(&self) -> Answer {
        match self {
            Self::Sync(call, ..) => call(),
            Self::Async(call) => call().await,
        }
    }

    /// Calls so often and tells what each has to wait.
    pub(crate) async fn waits(&self, calls: usize) -> Vec<f64> {
        let mut waits = Vec::new();
        for _ in 0..calls {
            waits.push(wait_of(&self.once().await));
        }
        waits
    }

    /// Lets milliseconds pass.
    pub(crate) async fn pass(&self, millis: u64) {
        match self {
            Self::Sync(_, clock, _) => clock.advance(ms(millis)),
            Self::Async(_) => tokio::time::advance(ms(millis)).await,
        }
    }
}

/// A sync and an async function under `#[rate_limit(options)]`, one after the other.
macro_rules! twins {
    ($($options:tt)*) => {{
        #[mainstay::rate_limit($($options)*)]
        fn sync() -> $crate::support::Answer {
            Ok(())
        }
        #[mainstay::rate_limit($($options)*)]
        async fn not_sync() -> $crate::support::Answer {
            Ok(())
        }
        $crate::support::Twin::both(sync, || Box::pin(not_sync()))
    }};
}
