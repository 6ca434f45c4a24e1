//! Requests that [reqwest](https://docs.rs/reqwest) sends: a span each, the ids of the request, and metrics, by one
//! [middleware](https://docs.rs/reqwest-middleware).
//!
//! ```
//! use mainstay_reqwest::Observe;
//! use reqwest_middleware::ClientBuilder;
//!
//! let client = ClientBuilder::new(reqwest::Client::new()).with(Observe).build();
//! # drop(client);
//! ```

mod health;
mod late;
mod measured;
mod observe;

pub use health::HttpHealthCheck;
pub use late::refusal;
pub use observe::{Observe, Template};

// Here and not with the other pages, because it needs both clients and servers.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/reference/http.md")]
mod book {}
