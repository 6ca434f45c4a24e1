//! Spans as messages of OTLP, written without messages in between.

mod attributes;
pub(crate) mod json;
mod requests;
mod span;
#[cfg(test)]
mod tests;

pub(crate) use requests::{Encoding, Requests};
pub(crate) use span::{flags, kind};
