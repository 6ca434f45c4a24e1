use super::FallbackSwitch;
use crate::{ConfigError, Name};

/// Answers for calls that failed.
///
/// ```
/// use mainstay_runtime::fallback::Fallback;
///
/// let last_known = Fallback::builder(|_: &str| Ok(42)).on(|error: &&str| *error != "forbidden").build("quotes")?;
/// assert_eq!(last_known.call(|| Err("timed out")), Ok(42));
/// assert_eq!(last_known.call(|| Err("forbidden")), Err("forbidden"));
/// assert_eq!(last_known.call(|| Ok(7)), Ok(7));
/// assert_eq!(last_known.answered(), 1);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Fallback<F, P = EveryError> {
    switch: FallbackSwitch,
    answer: F,
    on: P,
}

/// The options of a fallback, with the names of `#[fallback]`.
#[derive(Debug, Clone)]
#[must_use = "build it"]
pub struct FallbackBuilder<F, P = EveryError> {
    answer: F,
    on: P,
}

/// Covers every error, refusals by policies included.
#[derive(Debug, Clone, Copy)]
pub struct EveryError;

/// Which errors a fallback covers.
pub trait Covers<E> {
    /// Whether it covers this one.
    fn covers(&self, error: &E) -> bool;
}

impl<E> Covers<E> for EveryError {
    fn covers(&self, _: &E) -> bool {
        true
    }
}

impl<E, P: Fn(&E) -> bool> Covers<E> for P {
    fn covers(&self, error: &E) -> bool {
        self(error)
    }
}

impl<F> Fallback<F> {
    /// `answer` takes the error and gives the answer in its stead.
    pub const fn builder(answer: F) -> FallbackBuilder<F> {
        FallbackBuilder { answer, on: EveryError }
    }
}

impl<F> FallbackBuilder<F> {
    /// Only errors for which the predicate is true are covered. Default: all.
    pub fn on<E, P: Fn(&E) -> bool>(self, predicate: P) -> FallbackBuilder<F, P> {
        FallbackBuilder { answer: self.answer, on: predicate }
    }
}

impl<F, P> FallbackBuilder<F, P> {
    /// A fallback under that name. Any makes sense, so this does not fail today.
    pub fn build(self, name: impl Into<Name>) -> Result<Fallback<F, P>, ConfigError> {
        Ok(Fallback { switch: FallbackSwitch::new(name.into()), answer: self.answer, on: self.on })
    }
}

impl<F, P> Fallback<F, P> {
    /// Its name.
    pub fn name(&self) -> &str {
        self.switch.name()
    }

    /// How many calls it has answered for.
    pub fn answered(&self) -> u64 {
        self.switch.answered()
    }

    /// Calls `operation`, and answers for it if it fails with an error that is covered.
    pub fn call<T, E>(&self, operation: impl FnOnce() -> Result<T, E>) -> Result<T, E>
    where
        F: Fn(E) -> Result<T, E>,
        P: Covers<E>,
    {
        match operation() {
            Err(error) if self.on.covers(&error) => {
                self.switch.note();
                (self.answer)(error)
            }
            outcome => outcome,
        }
    }

    /// The same where the operation and the answer are futures.
    pub async fn call_async<T, E, Fut, Answer>(&self, operation: impl FnOnce() -> Fut) -> Result<T, E>
    where
        Fut: Future<Output = Result<T, E>>,
        F: Fn(E) -> Answer,
        Answer: Future<Output = Result<T, E>>,
        P: Covers<E>,
    {
        match operation().await {
            Err(error) if self.on.covers(&error) => {
                self.switch.note();
                (self.answer)(error).await
            }
            outcome => outcome,
        }
    }
}
