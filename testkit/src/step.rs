use std::{borrow::Cow, time::Duration};

use mainstay_runtime::{clock, deadline};

/// For how long a call that never answers may be awaited: longer than any limit that a test waits for, and few enough ticks of
/// whatever else runs on a clock that jumps.
pub(crate) const PATIENCE: Duration = Duration::from_secs(86_400);

/// What one call of a [`Script`](crate::Script) does.
#[derive(Debug, Clone, PartialEq)]
pub struct Step<T, E> {
    delay: Duration,
    end: End<T, E>,
}

#[derive(Debug, Clone, PartialEq)]
enum End<T, E> {
    Answer(Result<T, E>),
    Hang,
    Panic(Cow<'static, str>),
}

impl<T, E> Step<T, E> {
    const fn at_once(end: End<T, E>) -> Self {
        Self { delay: Duration::ZERO, end }
    }

    /// Succeeds with `value`.
    pub const fn ok(value: T) -> Self {
        Self::at_once(End::Answer(Ok(value)))
    }

    /// Fails with `error`.
    pub const fn fail(error: E) -> Self {
        Self::at_once(End::Answer(Err(error)))
    }

    /// Never answers. An async call stays pending until it is dropped; one that nothing has dropped after a day on the
    /// policies' clock, which a paused one shows at once, panics and says so. A sync call, which nothing could end, does that
    /// right away.
    pub const fn hang() -> Self {
        Self::at_once(End::Hang)
    }

    /// Panics with `message`.
    pub fn panic(message: impl Into<Cow<'static, str>>) -> Self {
        Self::at_once(End::Panic(message.into()))
    }

    /// Does what `then` does, `delay` later, on the clock of the policies. Delays of delays add up.
    pub fn delay(delay: Duration, mut then: Self) -> Self {
        then.delay = then.delay.saturating_add(delay);
        then
    }
}

impl<T: Clone, E: Clone> Step<T, E> {
    pub(crate) fn run(&self) -> Result<T, E> {
        if !self.delay.is_zero() {
            clock::sleep_blocking(self.delay);
        }
        match self.answer() {
            Some(answer) => answer,
            None => stop(
                "a scripted `hang` was reached by a sync call, which nothing could end; use `delay` there",
            ),
        }
    }

    pub(crate) async fn run_async(&self) -> Result<T, E> {
        if !self.delay.is_zero() {
            clock::sleep(self.delay).await;
        }
        match self.answer() {
            Some(answer) => answer,
            None => {
                clock::sleep(deadline::remaining().unwrap_or_default().saturating_add(PATIENCE)).await;
                stop(
                    "a scripted `hang` was awaited, and nothing ended it: put a time limit around the call, such as \
                     `#[timeout(\"…\")]`, or end it in the test, as `tokio::time::timeout` does",
                )
            }
        }
    }

    /// `None` where there will never be one.
    fn answer(&self) -> Option<Result<T, E>> {
        match &self.end {
            End::Answer(answer) => Some(answer.clone()),
            End::Hang => None,
            End::Panic(message) => stop(message),
        }
    }
}

#[allow(clippy::panic, reason = "the script asks for it, or the test is wrong and must fail")]
#[track_caller]
pub(crate) fn stop(message: &str) -> ! {
    panic!("{message}")
}
