//! What an error tells a throttle about what the server made of the call.

use crate::classify::Class;
pub use crate::throttle::{Outcome, Throttle, ThrottleConfig};

use super::Flow;

/// Where no option names the rejections: time-outs, and errors that say it themselves. What another policy has refused never
/// reached the server.
pub fn known(flow: Flow, class: Class) -> Outcome {
    flow.refusal().map_or_else(|| Outcome::of_class(class), Outcome::of_refusal)
}

/// Where options name the rejections, and this is none of them: the server has answered, unless a policy did in its stead.
pub fn unlisted(flow: Flow) -> Outcome {
    flow.refusal().map_or(Outcome::Accepted, Outcome::of_refusal)
}
