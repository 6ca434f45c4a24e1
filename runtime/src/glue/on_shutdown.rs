//! What `#[on_shutdown]` calls.

use std::{any, future::Future};

use crate::shutdown::{HandlerFuture, HandlerOutput};

/// What names a function, the same for whoever asks.
pub fn key_of<F: Fn() -> R, R>(_function: &F) -> &'static str {
    any::type_name::<F>()
}

/// Runs an async handler.
pub fn handle<F, Fut>(function: F) -> HandlerFuture
where
    F: FnOnce() -> Fut + Send + 'static,
    Fut: Future<Output: HandlerOutput> + Send + 'static,
{
    Box::pin(async move { function().await.into_result() })
}
