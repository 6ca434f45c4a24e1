use std::time::Duration;

use crate::clock::{self, Instant};

/// What says when a deadline is: a time from now, or an instant of the policies' clock, of tokio's or of the system's.
pub trait IntoDeadline {
    /// That instant.
    fn into_deadline(self) -> Instant;
}

impl IntoDeadline for Duration {
    fn into_deadline(self) -> Instant {
        clock::now() + self
    }
}

impl IntoDeadline for Instant {
    fn into_deadline(self) -> Instant {
        self
    }
}

/// By the time from now, because the two clocks may drift apart.
impl IntoDeadline for tokio::time::Instant {
    fn into_deadline(self) -> Instant {
        clock::now() + self.saturating_duration_since(Self::now())
    }
}

/// By the time from now, because the two clocks may drift apart.
impl IntoDeadline for std::time::Instant {
    fn into_deadline(self) -> Instant {
        clock::now() + self.saturating_duration_since(Self::now())
    }
}
