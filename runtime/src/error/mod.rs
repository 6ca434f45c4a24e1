//! What a policy answers when it refuses or cuts off a call, and what it answers to a configuration it cannot follow.

mod call;
mod config;
mod kind;
mod policy;
mod stored;

pub use call::KeyedCall;
pub use config::ConfigError;
pub use kind::Kind;
pub use policy::Error;
pub use stored::Stored;
