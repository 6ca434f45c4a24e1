//! `#[derive(Classify)]`, on every shape of error type.
#![allow(missing_docs)]

mod defaults;
mod delegation;
mod enums;
mod generics;
mod policies;
mod retry_after;
mod structs;
mod with_thiserror;

use mainstay::Class;

const THROTTLED: Class = Class::Throttled { retry_after: None };
