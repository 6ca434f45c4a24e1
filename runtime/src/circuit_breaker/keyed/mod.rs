//! One breaker per key, bounded.

mod breakers;
mod shard;

#[cfg(test)]
mod tests;

pub use breakers::KeyedCircuitBreaker;
