use std::{borrow::Cow, time::Duration};

use crate::{
    Script, Step,
    script::{AtEnd, Segment},
};

/// A [`Script`] being written: steps in order, then what happens after the last.
#[derive(Debug, Clone)]
#[must_use = "end it with `forever`, `cycle` or `end`"]
pub struct Steps<T, E> {
    segments: Vec<Segment<T, E>>,
}

impl<T, E> Steps<T, E> {
    pub(crate) const fn new() -> Self {
        Self { segments: Vec::new() }
    }

    /// The next call succeeds with `value`.
    pub fn ok(self, value: T) -> Self {
        self.step(Step::ok(value))
    }

    /// The next call fails with `error`.
    pub fn fail(self, error: E) -> Self {
        self.step(Step::fail(error))
    }

    /// The next call never answers; see [`Step::hang`].
    pub fn hang(self) -> Self {
        self.step(Step::hang())
    }

    /// The next call panics with `message`.
    pub fn panic(self, message: impl Into<Cow<'static, str>>) -> Self {
        self.step(Step::panic(message))
    }

    /// The next call does what `then` does, `delay` later.
    pub fn delay(self, delay: Duration, then: Step<T, E>) -> Self {
        self.step(Step::delay(delay, then))
    }

    /// The next call does what `step` says.
    pub fn step(self, step: Step<T, E>) -> Self {
        self.times(1, step)
    }

    /// The next `calls` calls do what `step` says.
    pub fn times(mut self, calls: u64, step: Step<T, E>) -> Self {
        if calls > 0 {
            let end = self.segments.last().map_or(0, |last| last.end).saturating_add(calls);
            self.segments.push(Segment { end, step });
        }
        self
    }

    /// Ends the script: every further call does what `step` says.
    pub fn forever(self, step: Step<T, E>) -> Script<T, E> {
        Script::new(self.segments, AtEnd::Forever(step))
    }

    /// Ends the script: after the last step it starts anew. A script without steps has nothing to repeat and panics
    /// when called.
    pub fn cycle(self) -> Script<T, E> {
        Script::new(self.segments, AtEnd::Cycle)
    }

    /// Ends the script: a further call is a mistake of the test and panics.
    pub fn end(self) -> Script<T, E> {
        Script::new(self.segments, AtEnd::Stop)
    }
}
