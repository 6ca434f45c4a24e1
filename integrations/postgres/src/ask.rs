use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use mainstay_runtime::{
    idempotent::Reserved,
    store::{StoreError, StoreErrorKind, io},
};
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};

use crate::{
    names::Names,
    problem::{Place, Trouble, is_cut, is_lost_race},
    source::Source,
    statements::Statements,
    step::{Outcome, Step},
    waiters::Waiters,
};

/// What all tasks of a store share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) source: Source,
    pub(crate) place: Place,
    pub(crate) names: Names,
    pub(crate) statements: Statements,
    pub(crate) waiters: Waiters,
    /// How long the answer to a statement is waited for.
    pub(crate) patience: Duration,
    pub(crate) claims: AtomicU32,
    pub(crate) sweeping: AtomicBool,
}

/// How often a step is tried again that lost against others or whose connection was cut.
const TRIES: u32 = 5;
/// The wait of a settling step before it tries to reach the server again.
const PAUSE: Duration = Duration::from_millis(50);
/// Every so many claims the expired records are looked for, and so many of them go at once.
const SWEEP_EVERY: u32 = 100;
const SWEEP: i64 = 500;

impl Shared {
    /// Does the step on the thread of the stores, whatever becomes of the caller meanwhile.
    pub(crate) async fn ask(
        self: &Arc<Self>,
        operation: &'static str,
        step: Step,
    ) -> Result<Outcome, StoreError> {
        let (tell, told) = oneshot::channel();
        let this = Arc::clone(self);
        let task = async move {
            let marks = step.marks();
            let outcome = this.attempt(operation, &step).await;
            let claimed = match &outcome {
                Ok(Outcome::Reserved(Reserved::Claimed { token, .. })) => Some(*token),
                _ => None,
            };
            let unheard = tell.send(outcome).is_err();
            if let (Some(token), Some(marks)) = (claimed, marks) {
                if unheard {
                    // The call was dropped meanwhile, and nobody knows of its claim.
                    let _ = this.attempt("release", &Step::Release { marks, token }).await;
                }
                this.sweep_at_times().await;
            }
        };
        let io = io().map_err(|error| {
            let problem = format!("no thread for its connections: {error}");
            self.place.error(operation, StoreErrorKind::Unavailable, problem)
        })?;
        io.spawn(task);
        told.await.unwrap_or_else(|_| {
            let problem = "the thread of its connections has ended; please report this";
            Err(self.place.error(operation, StoreErrorKind::Unavailable, problem))
        })
    }

    pub(crate) async fn attempt(&self, operation: &'static str, step: &Step) -> Result<Outcome, StoreError> {
        let end = Instant::now() + self.source.patience();
        let mut tries = 0;
        loop {
            tries += 1;
            let (trouble, again) = match self.once(step).await {
                Ok(outcome) => return Ok(outcome),
                Err(failed) => failed,
            };
            // A server that is started anew is soon back, and a call that has run should not go unrecorded for that.
            let settles = step.settles() && Instant::now() < end && self.may_come_back(&trouble);
            if settles {
                sleep(PAUSE).await;
            } else if !again || tries >= TRIES {
                return Err(self.place.told(operation, trouble));
            }
        }
    }

    fn may_come_back(&self, trouble: &Trouble) -> bool {
        matches!(trouble, Trouble::Told(error) if is_cut(error))
    }

    /// What went wrong, and whether it is worth another try at once.
    async fn once(&self, step: &Step) -> Result<Outcome, (Trouble, bool)> {
        let mut connected = self.source.acquire().await.map_err(|trouble| (trouble, false))?;
        let answer = step.run(connected.get(), &self.names, &self.statements);
        match timeout(self.patience, answer).await {
            Ok(Ok(outcome)) => {
                self.source.give_back(connected);
                Ok(outcome)
            }
            Ok(Err(error)) if is_cut(&error) => {
                let again = self.source.discard(connected);
                Err((Trouble::Told(error), again))
            }
            Ok(Err(error)) => {
                self.source.give_back(connected);
                let again = is_lost_race(&error);
                Err((Trouble::Told(error), again))
            }
            Err(_) => {
                self.source.discard(connected);
                Err((Trouble::NoAnswer { after: self.patience }, false))
            }
        }
    }

    async fn sweep_at_times(&self) {
        if !self.claims.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEEP_EVERY)
            || self.sweeping.swap(true, Ordering::AcqRel)
        {
            return;
        }
        // Whoever sweeps next is as good: an error is told where somebody asked.
        let _ = self.attempt("sweep", &Step::Sweep { at_most: SWEEP }).await;
        self.sweeping.store(false, Ordering::Release);
    }

    /// Forgets all records that have expired, in bounded steps. Gives how many.
    pub(crate) async fn sweep(self: &Arc<Self>) -> Result<u64, StoreError> {
        let mut swept = 0;
        loop {
            match self.ask("sweep", Step::Sweep { at_most: SWEEP }).await? {
                Outcome::Swept(now) => {
                    swept += now;
                    if now < SWEEP.unsigned_abs() {
                        return Ok(swept);
                    }
                }
                other => return Err(self.unexpected("sweep", &other)),
            }
        }
    }

    /// An answer that is none to what was asked.
    pub(crate) fn unexpected(&self, operation: &'static str, outcome: &Outcome) -> StoreError {
        match outcome {
            Outcome::Contended => {
                let problem = "others changed the key's record each time it was tried; try again";
                self.place.error(operation, StoreErrorKind::Unavailable, problem)
            }
            other => {
                let problem = format!("the answer is {other:?}; please report this");
                self.place.error(operation, StoreErrorKind::Unavailable, problem)
            }
        }
    }
}
