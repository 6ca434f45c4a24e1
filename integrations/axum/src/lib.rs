//! Mainstay in axum, and in whatever else takes layers of tower: each request runs in its [`Context`](mainstay_runtime::context::Context)
//! and under its caller's span.
//!
//! ```
//! use axum::{Router, routing::get};
//! use mainstay_axum::ContextLayer;
//! use mainstay_runtime::context;
//!
//! let app: Router = Router::new()
//!     .route("/", get(async || context::correlation_id().map(|id| id.to_string()).unwrap_or_default()))
//!     .layer(ContextLayer::new());
//! ```

mod headers;
mod layer;

pub use headers::{Headers, HeadersMut, inject};
pub use layer::{ContextLayer, InContext};
