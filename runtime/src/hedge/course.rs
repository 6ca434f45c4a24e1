use std::{
    future::Future as _,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::task::coop;

use super::{Hedge, HedgeConfig, totals::Total};
use crate::{
    clock::{self, Delay, Instant, sleep},
    observe::{Event, report},
};

/// How far a call has come: what of it does not depend on what is called.
#[derive(Debug)]
pub(super) struct Course<'h> {
    hedge: &'h Hedge,
    stage: Stage<'h>,
    /// When the primary first had to be waited for, where that is asked for.
    started: Instant,
    delay: Delay,
    /// How many attempts were made beside the primary.
    hedges: u32,
}

#[derive(Debug, Clone, Copy)]
enum Stage<'h> {
    /// The primary has not had to be waited for.
    Fresh,
    /// The delay runs. What is in force when it begins is in force to the end.
    Waiting(&'h HedgeConfig),
    /// No further attempt is made.
    Settled(&'h HedgeConfig),
    /// Switched off.
    Off,
}

impl<'h> Course<'h> {
    pub(super) const fn new(hedge: &'h Hedge) -> Self {
        Self { hedge, stage: Stage::Fresh, started: Instant::NEVER, delay: Delay::UNSET, hedges: 0 }
    }

    /// The number of the attempt that is to be made now, while those that are made are waited for.
    #[inline(never)]
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<u32> {
        let config = match self.stage {
            Stage::Waiting(config) => config,
            Stage::Fresh => ready!(self.begin()),
            Stage::Settled(_) | Stage::Off => return Poll::Pending,
        };
        let delay = Pin::new(&mut self.delay);
        if coop::has_budget_remaining() {
            ready!(delay.poll(cx));
        } else {
            // The attempts used up the task's share of this turn; the timer must still be able to add one.
            ready!(Pin::new(&mut coop::unconstrained(delay)).poll(cx));
        }
        self.next(config)
    }

    /// The primary has to be waited for.
    #[cold]
    fn begin(&mut self) -> Poll<&'h HedgeConfig> {
        let Some(config) = self.hedge.live().in_force() else {
            self.stage = Stage::Off;
            return Poll::Pending;
        };
        if config.quantile().is_some() {
            self.started = clock::now();
        }
        let Some(after) = self.hedge.delay(config) else {
            self.stage = Stage::Settled(config);
            return Poll::Pending;
        };
        self.delay = sleep(after);
        self.stage = Stage::Waiting(config);
        Poll::Ready(config)
    }

    /// The delay is over.
    #[cold]
    fn next(&mut self, config: &'h HedgeConfig) -> Poll<u32> {
        let hedge = self.hedge;
        self.delay = Delay::UNSET;
        let budget = hedge.budget(config);
        if !budget.withdraw() {
            self.stage = Stage::Settled(config);
            hedge.totals().increment(Total::OutOfBudget);
            report(&Event::OutOfBudget { policy: hedge.name(), budget: budget.name() });
            // The primary alone is waited for, so that its latency is still wanted.
            return Poll::Pending;
        }
        let after = hedge.delay(config).unwrap_or_default();
        self.hedges += 1;
        hedge.totals().increment(Total::Hedges);
        if self.hedges == 1 {
            hedge.totals().increment(Total::HedgedCalls);
        }
        report(&Event::Hedged { policy: hedge.name(), hedge: self.hedges, after });
        if self.hedges < config.max {
            self.delay = sleep(after);
        } else {
            self.stage = Stage::Settled(config);
        }
        Poll::Ready(self.hedges)
    }

    /// An attempt has failed while another runs: none is added.
    pub(super) fn settle(&mut self) {
        self.delay = Delay::UNSET;
        if let Stage::Waiting(config) = self.stage {
            self.stage = Stage::Settled(config);
        }
    }

    /// The primary has succeeded.
    #[inline]
    pub(super) fn primary_succeeded(&mut self) {
        match self.stage {
            Stage::Off => {}
            // It was not waited for at all.
            Stage::Fresh => {
                if let Some(config) = self.hedge.live().in_force() {
                    self.hedge.record(config, Duration::ZERO);
                }
            }
            Stage::Waiting(config) | Stage::Settled(config) => self.record(config),
        }
    }

    /// A hedge is the answer. How long the primary would have taken is not known, but that it is longer than the delay
    /// is, and that is all that a quantile asks.
    pub(super) fn hedge_won(&mut self, primary_runs: bool) {
        self.hedge.totals().increment(Total::Won);
        if primary_runs {
            self.overtaken();
        }
    }

    /// The primary is dropped while it runs. If that is before the delay is over, nothing is known of how long it would have
    /// taken.
    pub(super) fn overtaken(&mut self) {
        if let Stage::Waiting(config) | Stage::Settled(config) = self.stage
            && self.hedges > 0
        {
            self.record(config);
        }
        self.stage = Stage::Off;
    }

    #[inline(never)]
    fn record(&mut self, config: &HedgeConfig) {
        if config.quantile().is_some() {
            self.hedge.record(config, clock::now().saturating_since(self.started));
        }
        self.stage = Stage::Off;
    }
}
