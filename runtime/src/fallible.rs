use crate::Error;

/// A function's answer that a policy can read and refuse: `Result<T, E>`, under any alias.
///
/// Policies go by this trait, not by how the return type is spelled.
#[diagnostic::on_unimplemented(
    message = "a function under a policy returns a `Result`, and `{Self}` is none",
    label = "a call that is refused, timed out or retried has no way to say so here",
    note = "return `Result<{Self}, E>` with `E: From<mainstay::Error>`, or leave the attribute off"
)]
pub trait Fallible: Sized {
    /// What a successful call gives.
    type Ok;
    /// What a failed call gives.
    type Err;

    /// Looks at the answer without taking it.
    fn as_outcome(&self) -> Result<&Self::Ok, &Self::Err>;
    /// Takes the answer apart.
    fn into_outcome(self) -> Result<Self::Ok, Self::Err>;
    /// Puts an answer together.
    fn from_outcome(outcome: Result<Self::Ok, Self::Err>) -> Self;
}

impl<T, E> Fallible for Result<T, E> {
    type Ok = T;
    type Err = E;

    #[inline]
    fn as_outcome(&self) -> Result<&T, &E> {
        self.as_ref()
    }

    #[inline]
    fn into_outcome(self) -> Self {
        self
    }

    #[inline]
    fn from_outcome(outcome: Self) -> Self {
        outcome
    }
}

/// An error type that can hold a refusal by a policy: anything that is `From<mainstay::Error>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold a call refused by a policy",
    label = "this error type is not `From<mainstay::Error>`",
    note = "add a variant for it (with thiserror: `Policy(#[from] mainstay::Error)`), or implement `From<mainstay::Error> for {Self}`",
    note = "for an error type that is not yours, say `map_err = path` on the attribute, with `fn path(mainstay::Error) -> {Self}`"
)]
pub trait FromRefusal: Sized {
    /// Turns the refusal into the function's error.
    fn from_refusal(refusal: Error) -> Self;
}

impl<E: From<Error>> FromRefusal for E {
    #[inline]
    fn from_refusal(refusal: Error) -> Self {
        refusal.into()
    }
}
