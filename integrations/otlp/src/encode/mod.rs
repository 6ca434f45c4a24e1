//! Spans as messages of OTLP, written without messages in between.

mod attributes;
mod requests;
mod span;
#[cfg(test)]
mod tests;

pub(crate) use requests::Requests;
pub(crate) use span::{flags, kind};
