//! What a policy answers when it refuses or cuts off a call, and what it answers to a configuration it cannot follow.

mod call;
mod config;
mod policy;
mod stored;

pub use call::KeyedCall;
pub use config::ConfigError;
pub use policy::{Error, Kind};
pub use stored::Stored;
