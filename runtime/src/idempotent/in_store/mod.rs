//! The protocol over a store: reserve, run, complete.
//!
//! Everything here is about bytes and tokens; what the bytes mean is the caller's affair.

mod alone;
mod begin;
mod claim;
mod key;
mod renewing;
mod reserving;
mod settle;
mod within;

pub use alone::begin;
pub use begin::BegunIn;
pub use claim::StoreClaim;
pub use key::StoreKey;
pub use renewing::Renewing;
pub use settle::{Settled, settle};
pub use within::{TransactionClaim, begin_within, settle_within};
