//! Run once, answer many: a call under a key runs, and those after it get its answer.

mod store;

pub use store::{Claim, IdempotencyStore, Reserved, Token, TransactionalStore};
