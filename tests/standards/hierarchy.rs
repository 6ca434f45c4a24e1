//! MicroProfile Fault Tolerance, which errors count, for the three annotations that ask. Rust has no classes that
//! inherit: an error that "is an" `E1` is one that holds it, as a pattern sees it. Exclusion wins over inclusion. Where
//! neither says anything, the error is no failure, final, and not answered for.

use mainstay::{circuit_breaker, fallback, retry};

use crate::support::ms;

/// `E0` and what extends it, plain exceptions, and what is no exception.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Thrown {
    Exception(Exception),
    Error,
    Refused,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Exception {
    Plain,
    Runtime,
    E0(E0),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum E0 {
    Plain,
    E0S,
    E1(E1),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum E1 {
    Plain,
    E1S,
    E2,
    E2S,
}

impl From<mainstay::Error> for Thrown {
    fn from(_: mainstay::Error) -> Self {
        Self::Refused
    }
}

const fn e0(error: E0) -> Thrown {
    Thrown::Exception(Exception::E0(error))
}

const fn e1(error: E1) -> Thrown {
    e0(E0::E1(error))
}

const ALL: [(&str, Thrown); 9] = [
    ("E0", e0(E0::Plain)),
    ("E0S", e0(E0::E0S)),
    ("E1", e1(E1::Plain)),
    ("E1S", e1(E1::E1S)),
    ("E2", e1(E1::E2)),
    ("E2S", e1(E1::E2S)),
    ("Exception", Thrown::Exception(Exception::Plain)),
    ("RuntimeException", Thrown::Exception(Exception::Runtime)),
    ("Error", Thrown::Error),
];

/// The three services of the test kit: what each includes, and what it excludes.
macro_rules! service {
    (A $then:ident $($name:literal)?) => {
        $then!(
            $($name)?
            (Thrown::Exception(Exception::E0(E0::E1(E1::E2 | E1::E2S) | _)))
            (Thrown::Exception(Exception::E0(E0::E1(_))))
        )
    };
    (B $then:ident $($name:literal)?) => {
        $then!(
            $($name)?
            (Thrown::Exception(Exception::E0(E0::E1(_)) | _))
            (Thrown::Exception(Exception::E0(_)))
        )
    };
    (C $then:ident $($name:literal)?) => {
        $then!($($name)? (Thrown::Exception(Exception::E0(E0::E1(_)))) (Thrown::Exception(Exception::E0(_))))
    };
}

fn names_of(is_meant: impl Fn(Thrown) -> bool) -> Vec<&'static str> {
    ALL.into_iter().filter(|(_, error)| is_meant(*error)).map(|(name, _)| name).collect()
}

/// The errors that open a breaker whose window is one call.
macro_rules! openers {
    ($name:literal ($($included:tt)*) ($($excluded:tt)*)) => {{
        #[circuit_breaker(
            $name,
            failure_rate = 1.0,
            window = 1,
            timeout = "20s",
            failure_on($($included)*),
            ignore_on($($excluded)*)
        )]
        fn call(error: Thrown) -> Result<(), Thrown> {
            Err(error)
        }
        let breaker = mainstay::policies().circuit_breaker($name).unwrap();
        names_of(|error| {
            breaker.reset();
            assert_eq!(call(error), Err(error));
            call(error) == Err(Thrown::Refused)
        })
    }};
}

/// The errors after which a second attempt is made.
macro_rules! tried_again {
    (($($included:tt)*) ($($excluded:tt)*)) => {{
        #[retry(max_attempts = 2, retry_on($($included)*), abort_on($($excluded)*), initial_delay = ms(0))]
        fn call(error: Thrown, calls: &mut u32) -> Result<(), Thrown> {
            *calls += 1;
            Err(error)
        }
        names_of(|error| {
            let mut calls = 0;
            assert_eq!(call(error, &mut calls), Err(error));
            calls == 2
        })
    }};
}

/// The errors that a fallback answers for. What is left out is said by a guard: `on(…)` has no opposite.
macro_rules! answered {
    (($($included:tt)*) ($($excluded:tt)*)) => {{
        #[fallback(|_| Ok(()), on(error if matches!(error, $($included)*) && !matches!(error, $($excluded)*)))]
        fn call(error: Thrown) -> Result<(), Thrown> {
            Err(error)
        }
        names_of(|error| match call(error) {
            Ok(()) => true,
            Err(surfaced) => {
                assert_eq!(surfaced, error);
                false
            }
        })
    }};
}

/// EH-01, EH-04, EH-07.
#[test]
fn an_exclusion_below_an_inclusion_wins() {
    let expected = ["E0", "E0S"];
    assert_eq!(service!(A openers "eh.a"), expected);
    assert_eq!(service!(A tried_again), expected);
    assert_eq!(service!(A answered), expected);
}

/// EH-02, EH-05, EH-08.
#[test]
fn an_exclusion_wins_over_an_inclusion_below_and_above_it() {
    let expected = ["Exception", "RuntimeException"];
    assert_eq!(service!(B openers "eh.b"), expected);
    assert_eq!(service!(B tried_again), expected);
    assert_eq!(service!(B answered), expected);
}

/// EH-03, EH-06, EH-09.
#[test]
fn what_is_included_below_an_exclusion_is_excluded() {
    let expected = [""; 0];
    assert_eq!(service!(C openers "eh.c"), expected);
    assert_eq!(service!(C tried_again), expected);
    assert_eq!(service!(C answered), expected);
}
