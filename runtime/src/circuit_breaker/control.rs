//! Orders given by hand. While overrides have the breaker switched off they are remembered, and in force once it is on
//! again.

use super::{CircuitBreaker, word::Mode};
use crate::clock::Instant;

impl CircuitBreaker {
    /// Back to how it started: closed, in normal operation, all counts at zero.
    ///
    /// Like every order here it makes the calls in flight late ones: they count in the totals and nowhere else.
    pub fn reset(&self) {
        self.close();
        self.totals.clear();
        self.last_failure.store(Instant::ZERO);
    }

    /// Closed now, in normal operation, with an empty window. The totals stay.
    pub fn close(&self) {
        self.order(Mode::Normal);
    }

    /// Refuses every call until told otherwise, however long that takes.
    pub fn force_open(&self) {
        self.order_once(Mode::ForcedOpen);
    }

    /// Lets every call through and records nothing, until told otherwise.
    pub fn disable(&self) {
        self.order_once(Mode::Disabled);
    }

    /// Lets every call through, records everything, and reports the states it would go through, until told otherwise.
    /// For trying a configuration on real traffic; see [`observed_state`](CircuitBreaker::observed_state).
    pub fn observe_only(&self) {
        self.order_once(Mode::ObserveOnly);
    }

    /// Takes back [`force_open`](CircuitBreaker::force_open), [`disable`](CircuitBreaker::disable) or
    /// [`observe_only`](CircuitBreaker::observe_only): it starts again closed. In normal operation it does nothing.
    pub fn resume(&self) {
        self.order_once(Mode::Normal);
    }

    /// Does nothing where that is the order already.
    fn order_once(&self, mode: Mode) {
        self.carry_out(mode, |ordered| ordered != mode);
    }

    fn order(&self, mode: Mode) {
        self.carry_out(mode, |_| true);
    }

    fn carry_out(&self, mode: Mode, is_news: impl FnOnce(Mode) -> bool) {
        let mut locked = self.locked();
        let config = self.follow(&mut locked);
        if is_news(locked.ordered) {
            locked.ordered = mode;
            locked.machine.close(config);
            let mode = if locked.followed.is_off() { Mode::Disabled } else { mode };
            self.publish(&mut locked, config, mode);
        }
        drop(locked);
        self.tell();
    }
}
