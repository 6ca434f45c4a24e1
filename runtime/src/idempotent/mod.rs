//! Run once, answer many: a call under a key runs, and those after it get its answer.

mod config;
mod keep;
mod local;
mod memory;
mod policy;
mod records;
mod run;
mod shard;
mod store;
mod waiting;

pub use config::{IdempotencyConfig, InFlight, OnCancel, OnDuplicate};
#[doc(hidden)]
pub use keep::{Answers, Keep, Values, Write};
#[doc(hidden)]
pub use local::{Begun, LocalClaim};
pub use memory::MemoryStore;
pub use run::Idempotency;
pub use store::{Claim, IdempotencyStore, Reserved, Token, TransactionalStore};
