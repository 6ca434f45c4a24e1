use std::time::Duration;

use mainstay::Classify;

#[derive(Classify)]
#[throttled(retry_after = after)]
enum Fault {
    Busy { after: Duration },
    Down,
}

fn main() {}
