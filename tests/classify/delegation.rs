use std::{io, time::Duration};

use mainstay::{Class, Classify, Error};

#[derive(Classify)]
#[permanent]
struct Known;

#[derive(Classify)]
enum Outer {
    Known(Known),
    KnownField {
        source: Known,
    },
    Boxed(Box<Known>),
    Policy(Error),
    Foreign(io::Error),
    Any(anyhow::Error),
    Text(#[allow(dead_code)] String),
    #[ignored]
    Marked(#[allow(dead_code)] Known),
}

#[test]
fn an_unmarked_variant_of_one_field_is_of_its_class() {
    assert_eq!(Outer::Known(Known).classify(), Class::Permanent);
    assert_eq!(Outer::KnownField { source: Known }.classify(), Class::Permanent);
    assert_eq!(Outer::Boxed(Box::new(Known)).classify(), Class::Permanent);
}

#[test]
fn a_mark_of_its_own_comes_before_that() {
    assert_eq!(Outer::Marked(Known).classify(), Class::Ignored);
}

#[test]
fn a_refusal_is_ignored_and_a_time_out_transient() {
    let late = Error::timed_out("x", Duration::ZERO);
    assert_eq!(Outer::Policy(late).classify(), Class::Transient);
    let second = Duration::from_secs(1);
    for refused in [
        Error::circuit_open("x", Some(second)),
        Error::rate_limited("x", second),
        Error::exceeds_burst("x", 2.0, 1.0),
        Error::bulkhead_full("x", 1),
    ] {
        assert_eq!(Outer::Policy(refused).classify(), Class::Ignored);
    }
}

#[test]
fn a_field_that_says_nothing_is_transient_unless_it_holds_a_refusal() {
    let open = || Error::circuit_open("x", None);
    assert_eq!(Outer::Text("x".to_owned()).classify(), Class::Transient);
    assert_eq!(Outer::Foreign(io::ErrorKind::NotFound.into()).classify(), Class::Transient);
    assert_eq!(Outer::Any(anyhow::anyhow!("x")).classify(), Class::Transient);
    assert_eq!(Outer::Any(open().into()).classify(), Class::Ignored);
    assert_eq!(Outer::Any(anyhow::Error::new(open()).context("paying")).classify(), Class::Ignored);
}
