use std::time::Duration;

use super::{Guard, Report, run::Run};

/// A server, its callers, and what changes.
#[derive(Debug, Clone)]
pub struct Model {
    /// How many calls are served at a time.
    pub servers: u32,
    /// How long a call takes in the mean; exponentially distributed.
    pub service: Duration,
    /// How many calls may wait at the server; those beyond are rejected at once. `None`: any number.
    pub line: Option<usize>,
    /// How long a caller waits for an answer.
    pub patience: Duration,
    /// How many calls come each second in the mean, as a Poisson process.
    pub offered: f64,
    /// The shares of critical and of sheddable calls; the rest are normal.
    pub shares: [f64; 2],
    /// What changes when.
    pub changes: Vec<(Duration, Change)>,
    /// Of all that is random.
    pub seed: u64,
}

/// Something that changes while the model runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// So many calls are served at a time from now on.
    Servers(u32),
    /// A call that begins from now on takes so long in the mean.
    Service(Duration),
    /// So many calls come each second from now on.
    Offered(f64),
}

/// 20 servers of 10 ms, half loaded, for callers who wait for 100 ms.
impl Default for Model {
    fn default() -> Self {
        Self {
            servers: 20,
            service: Duration::from_millis(10),
            line: None,
            patience: Duration::from_millis(100),
            offered: 1_000.0,
            shares: [0.0, 0.0],
            changes: Vec::new(),
            seed: 7,
        }
    }
}

impl Model {
    /// How many calls the server can do each second, as it is at first.
    pub fn capacity(&self) -> f64 {
        f64::from(self.servers) / self.service.as_secs_f64()
    }

    /// Runs it for so long behind `guard`, on a clock of its own that this thread follows meanwhile.
    pub fn run(&self, guard: Guard<'_>, lasts: Duration) -> Report {
        Run::new(self, guard).until(lasts)
    }
}
