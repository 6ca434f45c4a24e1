//! `#[health_check]` and `#[derive(HealthCheck)]`.

use mainstay::clock::{Installed, ManualClock};

mod smoke;

/// Time stands still: however slow the machine is, no check has taken too long.
fn still() -> Installed {
    ManualClock::new().install()
}
