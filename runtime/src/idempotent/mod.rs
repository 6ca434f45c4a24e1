//! Run once, answer many: a call under a key runs, and those after it get its answer.

mod config;
mod ends;
#[doc(hidden)]
pub mod in_store;
mod keep;
mod keyed;
mod keyed_in;
mod local;
#[cfg(all(test, mainstay_loom))]
mod loom;
mod memory;
mod policy;
mod records;
mod run;
mod shard;
mod store;
#[cfg(test)]
mod tests;
mod waiting;

pub use config::{IdempotencyConfig, InFlight, OnCancel, OnDuplicate};
#[doc(hidden)]
pub use keep::{Answers, Copied, Keep, Payload, Values, Write};
#[doc(hidden)]
pub use keyed::LocalPrint;
pub use keyed::{Begin, Guard, Keyed};
pub(crate) use keyed_in::settle_blocking;
pub use keyed_in::{GuardIn, KeyedIn};
#[doc(hidden)]
pub use local::{Begun, LocalClaim};
pub use memory::MemoryStore;
pub use run::Idempotency;
pub use store::{Claim, IdempotencyStore, Reserved, Token, TransactionalStore};
