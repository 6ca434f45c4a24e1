//! Requests that [axum](https://docs.rs/axum) and [tower](https://docs.rs/tower) serve: a span each, the ids of the request, and
//! metrics, by one layer. And [`serve`], which ends without losing a request when the program shuts down.
//!
//! ```
//! use axum::{Router, routing::get};
//!
//! async fn order() -> &'static str {
//!     // Log lines, spans and requests to other services from here on carry the ids of the request.
//!     "one order"
//! }
//!
//! let app: Router = Router::new().route("/orders/{id}", get(order)).layer(mainstay_axum::observe());
//! ```

mod health;
mod layer;
mod measured;
mod respond;
mod serve;
mod told;

pub use health::create_health_router;
pub use layer::{Observe, Observed, observe};
pub use serve::serve;
