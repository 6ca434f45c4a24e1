use std::{
    fmt,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use mainstay::observe::Counter;

/// What the customers were told. Each order that was asked for ends up in exactly one of the others.
#[derive(Debug, Default)]
pub struct Totals {
    pub asked: Counter,
    /// Charged.
    pub served: Counter,
    /// Accepted, to be charged later.
    pub by_fallback: Counter,
    /// Answered: the card was declined.
    pub declined: Counter,
    /// Answered: not now, come back later.
    pub refused: Counter,
    given_up: Counter,
    first_loss: OnceLock<String>,
    slowest_micros: AtomicU64,
}

impl Totals {
    /// Counts an order that got no answer, or one that the shop never gives.
    pub fn lose(&self, how: String) {
        self.given_up.increment();
        // Only the first is told; the others tend to be the same.
        let _ = self.first_loss.set(how);
    }

    /// Notes how long an answer took.
    pub fn took(&self, time: Duration) {
        self.slowest_micros.fetch_max(time.as_micros() as u64, Ordering::Relaxed);
    }

    /// Orders that wait for their answer.
    pub fn waiting(&self) -> u64 {
        self.lost().saturating_sub(self.given_up.get())
    }

    /// Orders without their one answer: once nobody waits any more, they are lost.
    pub fn lost(&self) -> u64 {
        let answers = [&self.served, &self.by_fallback, &self.declined, &self.refused];
        let answered = answers.map(Counter::get).iter().sum();
        self.asked.get().abs_diff(answered)
    }
}

/// The last word: how it all adds up.
impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(how) = self.first_loss.get() {
            writeln!(f, "the first loss: {how}")?;
        }
        writeln!(f, "slowest answer: {} ms", self.slowest_micros.load(Ordering::Relaxed) / 1000)?;
        write!(
            f,
            "asked {} = served {} + by fallback {} + declined {} + refused {}, lost {}",
            self.asked.get(),
            self.served.get(),
            self.by_fallback.get(),
            self.declined.get(),
            self.refused.get(),
            self.lost()
        )
    }
}
