//! Mainstay's store in PostgreSQL: what idempotent calls have done, shared by all processes, also within the caller's own
//! transaction.
//!
//! ```no_run
//! use std::{sync::Arc, time::Duration};
//! use mainstay_postgres::PostgresStore;
//! use mainstay_runtime::idempotent::{Claim, IdempotencyStore, Reserved};
//!
//! # async fn run() -> Result<(), mainstay_runtime::store::StoreError> {
//! let store = Arc::new(PostgresStore::connect("postgres://app:secret@db.internal/shop").await?);
//! store.migrate().await?;
//!
//! let day = Duration::from_secs(86_400);
//! let claim = Claim { key: "order-7", fingerprint: None, lease: Duration::from_secs(30), ttl: day };
//! if let Reserved::Claimed { token, .. } = store.reserve(claim).await? {
//!     // The work, and then:
//!     assert!(store.complete("order-7", token, b"paid", day).await?);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Within a transaction of the caller's, [`TransactionalStore`](mainstay_runtime::idempotent::TransactionalStore), effect and
//! record are committed together: exactly once.

mod ask;
mod builder;
mod health;
mod listener;
mod migrate;
mod names;
mod pool;
mod problem;
mod source;
mod statements;
mod step;
mod store;
mod transaction;
mod waiters;

pub use builder::PostgresStoreBuilder;
pub use health::DatabaseHealthCheck;
/// The sqlx that the store speaks: its pools and transactions are this version's.
pub use sqlx;
pub use store::PostgresStore;
