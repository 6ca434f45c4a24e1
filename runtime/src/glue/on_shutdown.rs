//! What `#[on_shutdown]` calls.

use std::{any, future::Future};

use crate::shutdown::{HandlerFuture, HandlerOutput};

/// A function that may be a handler.
#[diagnostic::on_unimplemented(
    message = "`after` takes a function under `#[on_shutdown]`, or the name of a handler as a text",
    label = "this is no such function"
)]
pub trait HandlerFunction<R> {}

#[diagnostic::do_not_recommend]
impl<F: Fn() -> R, R> HandlerFunction<R> for F {}

/// What names a function, the same for whoever asks.
pub fn key_of<F: HandlerFunction<R>, R>(_function: &F) -> &'static str {
    any::type_name::<F>()
}

/// Runs a sync handler.
pub fn handle_sync<F, T>(function: F) -> Result<(), String>
where
    F: FnOnce() -> T,
    T: HandlerOutput,
{
    function().into_result()
}

/// Runs an async handler.
pub fn handle<F, Fut>(function: F) -> HandlerFuture
where
    F: FnOnce() -> Fut + Send + 'static,
    Fut: Future<Output: HandlerOutput> + Send + 'static,
{
    Box::pin(async move { function().await.into_result() })
}
