use mainstay::{
    Conflict, bulkhead, circuit_breaker, policies, rate_limit,
    rate_limit::{Rate, RateLimiter},
};

use crate::support::Answer;

#[allow(dead_code)]
mod of_two {
    use super::*;

    #[circuit_breaker("conflict.two", failure_threshold = 3)]
    pub(super) fn first() -> Answer {
        Ok(())
    }

    pub(super) const ABOVE: u32 = line!();
    #[circuit_breaker("conflict.two", failure_threshold = 4)]
    pub(super) fn second() -> Answer {
        Ok(())
    }
}

#[allow(dead_code)]
mod alike {
    use super::*;

    #[circuit_breaker("conflict.alike")]
    pub(super) fn defaults() -> Answer {
        Ok(())
    }

    #[circuit_breaker("conflict.alike", failure_threshold = 5, half_open_calls = 2, timeout = "1m")]
    pub(super) fn spelt_out() -> Answer {
        Ok(())
    }

    #[circuit_breaker("conflict.alike", failure_on(mainstay::Error::TimedOut { .. }))]
    pub(super) fn judges_otherwise() -> Answer {
        Ok(())
    }

    #[bulkhead("conflict.alike", 1)]
    pub(super) fn other_kind() -> Answer {
        Ok(())
    }
}

fn conflicts(name: &str) -> Vec<Conflict> {
    policies().conflicts().into_iter().filter(|conflict| conflict.name == name).collect()
}

#[test]
fn two_configurations_under_one_name_are_reported_with_their_place_before_any_call() {
    let conflicts = conflicts("conflict.two");
    let [conflict] = &conflicts[..] else { panic!("{conflicts:?}") };
    assert_eq!(conflict.attribute, "circuit_breaker");
    assert!(conflict.in_force.starts_with("failure_threshold = 3, "), "{conflict}");
    assert!(conflict.refused.starts_with("failure_threshold = 4, "), "{conflict}");
    let line = of_two::ABOVE + 1;
    assert_eq!(conflict.place, format!("names::conflicts::of_two::second ({}:{line})", file!()));
    assert!(conflict.to_string().contains("make them equal or give one another name"), "{conflict}");
}

#[test]
fn the_one_that_comes_first_is_in_force() {
    let breaker = policies().circuit_breaker("conflict.two").unwrap();
    assert_eq!(breaker.config().to_string(), conflicts("conflict.two")[0].in_force);
}

#[test]
fn configurations_that_behave_alike_are_no_conflict() {
    assert_eq!(conflicts("conflict.alike"), []);
}

#[test]
fn a_builder_that_disagrees_is_reported_and_gets_the_one_in_force() {
    #[allow(dead_code)]
    #[rate_limit("conflict.built", "5/s")]
    fn call() -> Answer {
        Ok(())
    }
    let limiter = RateLimiter::builder(Rate::per_second(6)).register("conflict.built").unwrap();
    assert_eq!(limiter.available_tokens(), 5.0);
    let conflicts = conflicts("conflict.built");
    let [conflict] = &conflicts[..] else { panic!("{conflicts:?}") };
    assert_eq!((conflict.attribute, conflict.place.as_str()), ("rate_limit", "a builder"));
}

#[test]
fn the_same_conflict_is_reported_once() {
    for _ in 0..3 {
        RateLimiter::builder(Rate::per_second(1)).register("conflict.once").unwrap();
        RateLimiter::builder(Rate::per_second(2)).register("conflict.once").unwrap();
    }
    assert_eq!(conflicts("conflict.once").len(), 1);
}
