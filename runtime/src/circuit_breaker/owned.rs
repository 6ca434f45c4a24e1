use std::{fmt, sync::Arc};

use super::{CircuitBreaker, Verdict, permit::dropped, word::Word};
use crate::{Error, clock::Instant};

/// Leave to make one call, as [`Permit`](super::Permit), that holds its breaker instead of borrowing it: for the breakers of
/// keys, where a call outlives the place that made it.
///
/// ```
/// use mainstay_runtime::circuit_breaker::CircuitBreaker;
///
/// let hosts = CircuitBreaker::builder().build_keyed("hosts")?;
/// let permit = hosts.get("eu-1.example.com").admit_owned().expect("it is closed");
/// permit.success();
/// assert_eq!(hosts.success_count(), 1);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[must_use = "a permit that is dropped at once is a cancelled call"]
pub struct OwnedPermit {
    breaker: Arc<CircuitBreaker>,
    admitted: Word,
    started: Instant,
    settled: bool,
}

impl CircuitBreaker {
    /// Asks for leave to make a call, as [`admit`](Self::admit), and gives a permit that holds this breaker.
    ///
    /// # Errors
    /// See [`admit`](Self::admit).
    pub fn admit_owned(self: Arc<Self>) -> Result<OwnedPermit, Error> {
        let (admitted, started) = self.admit()?.into_parts();
        Ok(OwnedPermit { breaker: self, admitted, started, settled: false })
    }
}

impl OwnedPermit {
    /// The breaker that gave it.
    pub fn breaker(&self) -> &Arc<CircuitBreaker> {
        &self.breaker
    }

    /// Says how the call went.
    pub fn settle(mut self, verdict: Verdict) {
        self.settled = true;
        self.breaker.settle(self.admitted, self.started, verdict);
    }

    /// The dependency answered as it should.
    pub fn success(self) {
        self.settle(Verdict::Success);
    }

    /// The dependency failed.
    pub fn failure(self) {
        self.settle(Verdict::Failure);
    }

    /// The call says nothing about the dependency; a probe gives its place back.
    pub fn ignore(self) {
        self.settle(Verdict::Ignored);
    }
}

impl Drop for OwnedPermit {
    fn drop(&mut self) {
        if !self.settled {
            self.breaker.settle(self.admitted, self.started, dropped(&self.breaker));
        }
    }
}

impl fmt::Debug for OwnedPermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedPermit")
            .field("breaker", &self.breaker.name())
            .field("admitted", &self.admitted.state())
            .finish_non_exhaustive()
    }
}
