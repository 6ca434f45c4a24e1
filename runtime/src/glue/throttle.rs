//! What an error tells a throttle about what the server made of the call.

use crate::classify::Class;
pub use crate::throttle::{Outcome, Throttle, ThrottleConfig};

use super::Flow;

/// Where no option names the rejections: time-outs, and errors that say it themselves. What another policy has refused never
/// reached the server.
pub fn known(flow: Flow, class: Class) -> Outcome {
    match flow.refusal() {
        Some(kind) => Outcome::of_refusal(kind),
        None if flow.says_nothing() => Outcome::Ignored,
        None => Outcome::of_class(class),
    }
}

/// Where options name the rejections, and this is none of them: the server has answered, unless a policy did in its stead.
pub fn unlisted(flow: Flow) -> Outcome {
    match flow.refusal() {
        Some(kind) => Outcome::of_refusal(kind),
        None if flow.says_nothing() => Outcome::Ignored,
        None => Outcome::Accepted,
    }
}
