//! Which request a piece of work belongs to: a correlation id that follows it through every service, and a request id for
//! this one's part.
//!
//! A [`Context`] is current within [`Context::scope`] and while a future [in it](InContextExt::in_context) is polled;
//! [`spawn`] and [`spawn_blocking`] carry it into tasks. Reading it takes a look at a thread-local and nothing from the heap.
//!
//! ```
//! use mainstay_runtime::context::{self, Context};
//!
//! let context = Context::new();
//! context.scope(|| {
//!     assert_eq!(context::correlation_id().as_ref(), Some(context.correlation_id()));
//! });
//! assert!(context::current().is_none());
//! ```

mod carried;
mod current;
mod future;
mod headers;
mod id;
mod spawn;
#[cfg(test)]
mod tests;
mod value;

pub use carried::Carried;
pub use current::{correlation_id, current, request_id};
pub use future::{InContext, InContextExt};
pub use headers::{CORRELATION_ID, Extractor, Injector, REQUEST_ID, extract, inject};
pub use id::{Id, InvalidId};
pub use spawn::{spawn, spawn_blocking, spawn_within_deadline};
pub use value::Context;
