use crate::clock::{Installed, ManualClock};

mod cells;
mod engine;
mod gates;
mod json;
mod logs;
mod methods;

/// Time stands still: however slow the machine is, no check has taken too long.
fn still() -> Installed {
    ManualClock::new().install()
}
