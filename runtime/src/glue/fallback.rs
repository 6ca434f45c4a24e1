use std::future::Ready;

/// A function named as a fallback. It takes the error alone, or the error and then all arguments; a method takes
/// `&self` before that. `Shape` tells which, and is found by the compiler.
#[diagnostic::on_unimplemented(
    message = "this fallback does not fit the function it stands in for",
    label = "expected a function of the error alone, or of the error and then all arguments",
    note = "a method may take `&self` before the error",
    note = "arguments are offered if all of them are shared references or primitives; use a closure `|error| …` for others"
)]
pub trait FallbackPath<Shape, This, Error, Arguments> {
    /// What it gives.
    type Answer;
    /// Calls it.
    fn fall_back(self, this: This, error: Error, arguments: Arguments) -> Self::Answer;
}

/// Stands in for arguments of which some are neither shared references nor primitives.
#[derive(Debug)]
pub struct ArgumentsForClosuresOnly;

/// `fn(error)`
#[derive(Debug)]
pub struct OfError;
/// `fn(&self, error)`
#[derive(Debug)]
pub struct OfSelfAndError;
/// `fn(error, arguments…)`
#[derive(Debug)]
pub struct OfErrorAndArguments;
/// `fn(&self, error, arguments…)`
#[derive(Debug)]
pub struct OfAll;

impl<F: FnOnce(E) -> R, S, E, A, R> FallbackPath<OfError, S, E, A> for F {
    type Answer = R;
    fn fall_back(self, _: S, error: E, _: A) -> R {
        self(error)
    }
}

impl<'s, F: FnOnce(&'s S, E) -> R, S: ?Sized, E, A, R> FallbackPath<OfSelfAndError, &'s S, E, A> for F {
    type Answer = R;
    fn fall_back(self, this: &'s S, error: E, _: A) -> R {
        self(this, error)
    }
}

macro_rules! with_arguments {
    ($($arg:ident)+) => {
        #[allow(non_snake_case)]
        impl<F: FnOnce(E, $($arg),+) -> R, S, E, R, $($arg),+> FallbackPath<OfErrorAndArguments, S, E, ($($arg,)+)>
            for F
        {
            type Answer = R;
            fn fall_back(self, _: S, error: E, ($($arg,)+): ($($arg,)+)) -> R {
                self(error, $($arg),+)
            }
        }

        #[allow(non_snake_case)]
        impl<'s, F: FnOnce(&'s S, E, $($arg),+) -> R, S: ?Sized, E, R, $($arg),+>
            FallbackPath<OfAll, &'s S, E, ($($arg,)+)> for F
        {
            type Answer = R;
            fn fall_back(self, this: &'s S, error: E, ($($arg,)+): ($($arg,)+)) -> R {
                self(this, error, $($arg),+)
            }
        }
    };
}

with_arguments!(A);
with_arguments!(A B);
with_arguments!(A B C);
with_arguments!(A B C D);
with_arguments!(A B C D G);
with_arguments!(A B C D G H);
with_arguments!(A B C D G H I);
with_arguments!(A B C D G H I J);

macro_rules! closures {
    ($($name:ident($($arg:ident)*);)*) => {$(
        /// Calls a fallback closure with the error and the arguments it names.
        #[allow(non_snake_case, clippy::too_many_arguments)]
        #[inline]
        pub fn $name<Error, Answer $(, $arg)*>(
            closure: impl FnOnce(Error $(, $arg)*) -> Answer,
            error: Error
            $(, $arg: $arg)*
        ) -> Answer {
            closure(error $(, $arg)*)
        }
    )*};
}

closures! {
    fall_back_0();
    fall_back_1(A);
    fall_back_2(A B);
    fall_back_3(A B C);
    fall_back_4(A B C D);
    fall_back_5(A B C D E);
    fall_back_6(A B C D E F);
}

/// What a fallback of an async function may give: the function's own return type, or a future of it.
#[diagnostic::on_unimplemented(
    message = "a fallback answers with what its function returns, `{Answer}`, or with a future of that",
    label = "this gives `{Self}`"
)]
pub trait Reply<Shape, Answer> {
    /// The future to wait for.
    type Future: Future<Output = Answer>;
    /// That future.
    fn reply(self) -> Self::Future;
}

/// A fallback that has answered when it returns.
#[derive(Debug)]
pub struct Now;
/// A fallback that gives a future.
#[derive(Debug)]
pub struct Later;

impl<Answer> Reply<Now, Answer> for Answer {
    type Future = Ready<Answer>;
    fn reply(self) -> Ready<Answer> {
        std::future::ready(self)
    }
}

impl<F: Future<Output = Answer>, Answer> Reply<Later, Answer> for F {
    type Future = F;
    fn reply(self) -> F {
        self
    }
}

/// The future of a fallback's answer, by its own type: rustc cannot see that a future is `Send` which hides the two
/// answers of `Reply` behind an opaque type, where there is a `'static` in them.
pub fn reply<Answer, Shape, R: Reply<Shape, Answer>>(reply: R) -> R::Future {
    reply.reply()
}

/// What a fallback of a sync function may give.
#[diagnostic::on_unimplemented(
    message = "a fallback answers with what its function returns, `{Answer}`",
    label = "this gives `{Self}`"
)]
pub trait IsAnswer<Answer> {
    /// It is one.
    fn into_answer(self) -> Answer;
}

impl<Answer> IsAnswer<Answer> for Answer {
    fn into_answer(self) -> Answer {
        self
    }
}

/// The fallback's answer.
pub fn answer<Answer, A: IsAnswer<Answer>>(answer: A) -> Answer {
    answer.into_answer()
}
