use std::time::Duration;

use crate::retry::NextAttempt;

/// Stands for an answer where nothing but its type matters: behind `if false`.
#[cold]
pub fn typed<R>() -> R {
    std::process::abort()
}

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

/// Tells a hook of an async function that is a closure, whose future does not look at what it is told.
pub fn tell_closure<Shape, T, E, A: HookAnswer<Shape>>(
    hook: impl FnOnce(&NextAttempt<'_, T, E>) -> A,
    next: NextAttempt<'_, T, E>,
) -> A::Future {
    hook(&next).into_hook_future()
}

/// Tells a hook that is an async closure.
pub async fn tell_async_closure<T, E>(
    hook: impl AsyncFnOnce(&NextAttempt<'_, T, E>),
    next: NextAttempt<'_, T, E>,
) {
    hook(&next).await;
}

/// A function named as a hook of an async function. `Shape` tells whether it is async, and is found by the compiler.
#[diagnostic::on_unimplemented(
    message = "this is no `before_retry` hook for this function",
    label = "expected `fn(&NextAttempt<'_, {T}, {E}>)`, or the same with `async`"
)]
pub trait HookPath<Shape, T, E> {
    /// Calls it.
    fn tell(self, next: NextAttempt<'_, T, E>) -> impl Future<Output = ()>;
}

impl<T, E, F: FnOnce(&NextAttempt<'_, T, E>)> HookPath<Done, T, E> for F {
    fn tell(self, next: NextAttempt<'_, T, E>) -> impl Future<Output = ()> {
        self(&next);
        std::future::ready(())
    }
}

impl<T, E, F: AsyncFnOnce(&NextAttempt<'_, T, E>)> HookPath<Later, T, E> for F {
    async fn tell(self, next: NextAttempt<'_, T, E>) {
        self(&next).await;
    }
}

/// Tells a hook of an async function that is named by a path.
pub fn tell_path<Shape, T, E>(
    hook: impl HookPath<Shape, T, E>,
    next: NextAttempt<'_, T, E>,
) -> impl Future<Output = ()> {
    hook.tell(next)
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
