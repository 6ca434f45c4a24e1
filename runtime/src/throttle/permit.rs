use super::{Outcome, Throttle};

/// Leave to make one call.
///
/// Say what the server made of it, by [`accepted`](Permit::accepted), [`rejected`](Permit::rejected) or
/// [`settle`](Permit::settle). A permit that is dropped instead says nothing: the call was cancelled, or panicked.
///
/// ```
/// use mainstay_runtime::throttle::Throttle;
///
/// let throttle = Throttle::builder().build("payments")?;
/// throttle.admit().expect("nothing was rejected yet").accepted();
/// assert_eq!(throttle.accepted_count(), 1);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[must_use = "a permit that is dropped at once is a call of which nothing is known"]
#[derive(Debug)]
pub struct Permit<'a> {
    /// `None` for a call that is not counted.
    throttle: Option<&'a Throttle>,
}

impl<'a> Permit<'a> {
    #[inline]
    pub(super) const fn new(throttle: Option<&'a Throttle>) -> Self {
        Self { throttle }
    }

    /// Says what the server made of the call.
    #[inline]
    pub fn settle(self, outcome: Outcome) {
        let Some(throttle) = self.throttle else { return };
        match outcome {
            Outcome::Accepted => throttle.accept(),
            Outcome::Rejected => throttle.reject(),
            Outcome::Ignored => {}
        }
    }

    /// The server took it on.
    #[inline]
    pub fn accepted(self) {
        self.settle(Outcome::Accepted);
    }

    /// The server refused it.
    #[inline]
    pub fn rejected(self) {
        self.settle(Outcome::Rejected);
    }
}
