//! CASES.md A2. Rust has no classes that inherit: an error that "is an" `E1` is one that holds it, as a pattern sees it.
//! Exclusion wins over inclusion. Where neither says anything, the error is no failure.

use mainstay::circuit_breaker;

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

/// The names of the errors that open a breaker whose window is one call.
macro_rules! openers {
    ($name:literal, $($options:tt)*) => {{
        #[circuit_breaker($name, failure_threshold = 1, timeout = "20s", $($options)*)]
        fn call(error: Thrown) -> Result<(), Thrown> {
            Err(error)
        }
        let breaker = mainstay::policies().circuit_breaker($name).unwrap();
        let opens = |error| {
            breaker.reset();
            assert_eq!(call(error), Err(error));
            call(error) == Err(Thrown::Refused)
        };
        ALL.into_iter().filter(|(_, error)| opens(*error)).map(|(name, _)| name).collect::<Vec<_>>()
    }};
}

#[test]
fn eh_01_an_exclusion_below_an_inclusion_wins() {
    let openers = openers!(
        "cb.eh_01",
        failure_on(Thrown::Exception(Exception::E0(E0::E1(E1::E2 | E1::E2S) | _))),
        ignore_on(Thrown::Exception(Exception::E0(E0::E1(_)))),
    );
    assert_eq!(openers, ["E0", "E0S"]);
}

#[test]
fn eh_02_an_exclusion_wins_over_an_inclusion_below_and_above_it() {
    let openers = openers!(
        "cb.eh_02",
        failure_on(Thrown::Exception(Exception::E0(E0::E1(_)) | _)),
        ignore_on(Thrown::Exception(Exception::E0(_))),
    );
    assert_eq!(openers, ["Exception", "RuntimeException"]);
}

#[test]
fn eh_03_what_is_included_below_an_exclusion_is_excluded() {
    let openers = openers!(
        "cb.eh_03",
        failure_on(Thrown::Exception(Exception::E0(E0::E1(_)))),
        ignore_on(Thrown::Exception(Exception::E0(_))),
    );
    assert_eq!(openers, [""; 0]);
}
