//! `cache`.

use std::time::Duration;

use mainstay::{
    clock::ManualClock,
    health::{HealthCheck, HealthChecker, Probe},
};

use crate::support::Connection;

#[derive(HealthCheck)]
struct Deps {
    #[check(cache = "1m")]
    long: Connection,
    #[check(cache = "0s")]
    never: Connection,
    unsaid: Connection,
}

#[test]
fn an_answer_is_given_again_for_its_time() {
    let clock = ManualClock::new();
    let _followed = clock.install();
    let [long, never, unsaid] = [(); 3].map(|()| Connection::up());
    let checker = HealthChecker::new("shop");
    checker.add(Deps { long: long.clone(), never: never.clone(), unsaid: unsaid.clone() });
    let asked = || (long.asked(), never.asked(), unsaid.asked());
    checker.report(Probe::Ready);
    checker.report(Probe::Ready);
    assert_eq!(asked(), (1, 2, 1));
    clock.advance(Duration::from_secs(2));
    checker.report(Probe::Ready);
    assert_eq!(asked(), (1, 3, 2));
    clock.advance(Duration::from_secs(58));
    checker.report(Probe::Ready);
    assert_eq!(asked(), (2, 4, 3));
}
