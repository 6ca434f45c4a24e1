use super::{
    RateLimiter,
    enter::{Gate, Patience, enter, enter_async},
    gate::KeyGate,
};
use crate::{Error, clock::Instant, rare_wait::RareWait};

/// How a request ended where the code has no `max_wait`.
#[doc(hidden)]
pub enum Asked<'a> {
    /// The tokens are taken, or the call is refused.
    Done(Result<(), Error>),
    /// They are not there, and overrides have the call wait.
    Later(Later<'a>),
}

/// A request that is to wait.
#[doc(hidden)]
pub struct Later<'a> {
    of: Of<'a>,
    tokens: f64,
}

pub(super) enum Of<'a> {
    One(&'a RateLimiter),
    Key(KeyGate<'a>),
}

impl<'a> Later<'a> {
    #[cold]
    pub(super) fn new(of: Of<'a>, tokens: f64) -> Self {
        Self { of, tokens }
    }

    /// Waits as the options in force have it.
    pub fn wait(self, deadline: Option<Instant>) -> RareWait<'a, Result<(), Error>> {
        match self.of {
            Of::One(gate) => RareWait::new(enter_async(gate, self.tokens, patience(&gate, deadline))),
            Of::Key(gate) => RareWait::new(enter_async(gate, self.tokens, patience(&gate, deadline))),
        }
    }

    /// The same on a blocked thread.
    ///
    /// # Errors
    /// The refusal.
    pub fn wait_blocking(self, deadline: Option<Instant>) -> Result<(), Error> {
        match self.of {
            Of::One(gate) => enter(gate, self.tokens, patience(&gate, deadline)),
            Of::Key(gate) => enter(gate, self.tokens, patience(&gate, deadline)),
        }
    }
}

fn patience(gate: &impl Gate, deadline: Option<Instant>) -> Patience {
    Patience::up_to(gate.max_wait(), deadline)
}
