//! `#[health_check]` on functions and `impl` blocks, and `#[derive(HealthCheck)]`.

mod block;
mod check;
mod derive;
mod function;
mod read;
mod write;

pub(crate) use block::Block;
pub(crate) use derive::expand as derive;
pub(crate) use function::BESIDE;
#[cfg(test)]
pub(crate) use read::Options;
