//! What an error tells an adaptive limit about the load.

pub use crate::adaptive_limit::{AdaptiveLimit, AdaptiveLimitConfig, Algorithm, Outcome, Priority};
use crate::classify::Class;

use super::Flow;

/// Where no option names the signs of overload: time-outs and full limits further in, and errors that say it themselves.
pub fn told(flow: Flow, class: Class) -> Outcome {
    match flow.refusal() {
        Some(_) => unlisted(flow),
        None if flow.says_nothing() => Outcome::Ignored,
        None => Outcome::of_class(class),
    }
}

/// Where options name the signs of overload, and this is none of them.
pub fn unlisted(flow: Flow) -> Outcome {
    flow.refusal().map_or(Outcome::Ignored, Outcome::of_refusal)
}
