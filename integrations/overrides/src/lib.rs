//! Files from which `mainstay_runtime::overrides` takes the options of policies: YAML and TOML, with the line in every
//! error.
//!
//! ```yaml
//! enabled: true                       # the master switch
//! kinds:
//!   retry: { max_attempts: 5 }        # every retry
//! policies:
//!   payments:                         # what bears this name
//!     circuit_breaker: { failure_threshold: 3, timeout: 10s }
//!     retry: { enabled: false }
//! ```

mod document;
mod file;
mod node;
mod shape;
#[cfg(feature = "toml")]
mod toml;
#[cfg(feature = "yaml")]
mod yaml;

#[cfg(feature = "toml")]
pub use crate::toml::Toml;
#[cfg(feature = "yaml")]
pub use crate::yaml::Yaml;
