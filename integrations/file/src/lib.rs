//! Mainstay's store in a file: what idempotent calls have done survives restarts, crashes and power cuts, without a server.
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//! use mainstay_file::FileStore;
//! use mainstay_runtime::idempotent::{Claim, IdempotencyStore, Reserved};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), mainstay_runtime::store::StoreError> {
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("payments.redb");
//! let store = Arc::new(FileStore::open(path)?);
//!
//! let day = Duration::from_secs(86_400);
//! let claim = Claim { key: "order-7", fingerprint: None, lease: Duration::from_secs(30), ttl: day };
//! let Reserved::Claimed { token, .. } = store.reserve(claim).await? else { panic!("the file is new") };
//! assert!(store.complete("order-7", token, b"paid", day).await?);
//! assert_eq!(store.reserve(claim).await?, Reserved::Completed { record: b"paid".to_vec() });
//! # Ok(())
//! # }
//! ```
//!
//! The file belongs to one process at a time. Processes that share keys share a server: Redis or PostgreSQL.

mod builder;
mod health;
mod open;
mod problem;
mod steps;
mod store;
mod tables;
mod time;
mod waiters;
mod writer;

pub use builder::{Durability, FileStoreBuilder};
pub use store::FileStore;
