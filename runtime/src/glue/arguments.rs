use std::time::Duration;

use crate::retry::NextAttempt;

/// Calls a sync body. Being handed over here makes a closure of it that may return what it borrows.
#[inline(always)]
pub fn call<R>(body: impl FnOnce() -> R) -> R {
    body()
}

/// Asks a predicate.
#[inline]
pub fn ask<V: ?Sized>(predicate: impl FnOnce(&V) -> bool, value: &V) -> bool {
    predicate(value)
}

/// Asks for a server's hint.
#[inline]
pub fn hint<E: ?Sized, R: RetryAfter>(ask: impl FnOnce(&E) -> R, error: &E) -> Option<Duration> {
    ask(error).retry_after()
}

/// Tells a hook.
#[inline]
pub fn tell<T, E, R>(hook: impl FnOnce(&NextAttempt<'_, T, E>) -> R, next: &NextAttempt<'_, T, E>) -> R {
    hook(next)
}

/// Tells a hook that is an async closure.
pub async fn tell_later<T, E>(hook: impl AsyncFnOnce(&NextAttempt<'_, T, E>), next: &NextAttempt<'_, T, E>) {
    hook(next).await;
}

/// What a hook of an async function may give: nothing, or a future of nothing.
#[diagnostic::on_unimplemented(
    message = "a `before_retry` hook gives nothing, or a future of nothing, and not `{Self}`",
    label = "end it with `;`"
)]
pub trait HookAnswer<Shape> {
    /// The future to wait for.
    type Future: Future<Output = ()>;
    /// That future.
    fn into_hook_future(self) -> Self::Future;
}

/// A hook that is done when it returns.
#[derive(Debug)]
pub struct Done;
/// A hook that gives a future.
#[derive(Debug)]
pub struct Later;

impl HookAnswer<Done> for () {
    type Future = std::future::Ready<()>;
    fn into_hook_future(self) -> Self::Future {
        std::future::ready(())
    }
}

impl<F: Future<Output = ()>> HookAnswer<Later> for F {
    type Future = F;
    fn into_hook_future(self) -> F {
        self
    }
}

/// The future of a hook's answer.
pub fn hook_future<Shape, A: HookAnswer<Shape>>(answer: A) -> A::Future {
    answer.into_hook_future()
}

/// Gives an attempt its own copy of an argument; the last attempt gets the argument itself.
#[inline]
pub fn next_argument<T: Clone>(spare: &mut Option<T>, is_last: bool) -> T {
    if is_last && let Some(argument) = spare.take() {
        return argument;
    }
    match spare {
        Some(argument) => argument.clone(),
        None => unreachable!("there is no attempt after the last one"),
    }
}

/// A field or hook that says when to come back.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say when to come back",
    label = "expected a `Duration` or an `Option<Duration>`"
)]
pub trait RetryAfter {
    /// The wait asked for.
    fn retry_after(&self) -> Option<Duration>;
}

impl RetryAfter for Duration {
    fn retry_after(&self) -> Option<Duration> {
        Some(*self)
    }
}

impl RetryAfter for Option<Duration> {
    fn retry_after(&self) -> Option<Duration> {
        *self
    }
}
