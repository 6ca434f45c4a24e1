use std::{any::Any, error::Error as StdError};

use mainstay_runtime::{
    Error,
    classify::{Class, Classify},
};

/// What an answer means to a layer: to be tried again, to be counted as a failure, and so on.
pub trait Classes<T, E> {
    /// The class of an answer that is a failure; `None` for a success.
    fn class(&self, answer: &Result<T, E>) -> Option<Class>;
}

/// An error means what its type says: see [`Classify`]. The default of all layers.
#[derive(Debug, Clone, Copy, Default)]
pub struct ByClass;

impl<T, E: Classify> Classes<T, E> for ByClass {
    #[inline]
    fn class(&self, answer: &Result<T, E>) -> Option<Class> {
        answer.as_ref().err().map(Classify::classify)
    }
}

/// Every error is transient, but for the refusals of policies, which mean what they mean everywhere. For error types that
/// do not say what they are.
#[derive(Debug, Clone, Copy, Default)]
pub struct EveryError;

impl<T, E: 'static> Classes<T, E> for EveryError {
    #[inline]
    fn class(&self, answer: &Result<T, E>) -> Option<Class> {
        let error = answer.as_ref().err()?;
        Some(refusal(error).map_or(Class::Transient, Classify::classify))
    }
}

/// A closure over the answer says what it means, be it an error or a response.
#[derive(Debug, Clone, Copy)]
pub struct ByAnswer<F>(pub(crate) F);

impl<T, E, F: Fn(&Result<T, E>) -> Option<Class>> Classes<T, E> for ByAnswer<F> {
    #[inline]
    fn class(&self, answer: &Result<T, E>) -> Option<Class> {
        (self.0)(answer)
    }
}

/// The refusal by a policy that an error is or holds, as far as that can be known without the error's help.
pub(crate) fn refusal<E: 'static>(error: &E) -> Option<&Error> {
    let error: &dyn Any = error;
    let boxed = || error.downcast_ref::<Box<dyn StdError + Send + Sync>>()?.downcast_ref();
    error.downcast_ref().or_else(boxed)
}

/// The methods by which a layer is told what answers mean.
macro_rules! classified {
    ($layer:ident $(<$more:ident>)? { $($kept:ident),* }) => {
        impl<$($more,)? C> $layer<$($more,)? C> {
            /// Every error is transient, but for refusals of policies: for error types that do not implement
            /// [`Classify`](mainstay_runtime::classify::Classify).
            pub fn every_error(self) -> $layer<$($more,)? $crate::EveryError> {
                $layer { $($kept: self.$kept,)* classes: $crate::EveryError }
            }

            /// `class` says what an answer means, be it an error or a response; `None` is a success.
            ///
            /// ```
            /// use mainstay_runtime::{Error, classify::Class};
            #[doc = concat!("use mainstay_tower::", stringify!($layer), ";")]
            ///
            /// struct Response(u16);
            #[doc = concat!("# fn of(layer: ", stringify!($layer), ") {")]
            /// // Statuses of 500 and more are failures.
            /// layer.class_by(|answer: &Result<Response, Error>| match answer {
            ///     Ok(response) if response.0 < 500 => None,
            ///     _ => Some(Class::Transient),
            /// });
            /// # }
            /// ```
            pub fn class_by<F>(self, class: F) -> $layer<$($more,)? $crate::ByAnswer<F>> {
                $layer { $($kept: self.$kept,)* classes: $crate::answer::ByAnswer(class) }
            }
        }
    };
}

pub(crate) use classified;
