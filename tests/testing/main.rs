//! Scopes of `mainstay::testing` around annotated functions.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod counted;
mod guide;
mod options;
mod refused;
mod stacks;
