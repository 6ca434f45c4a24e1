//! One answer for many, by steps.

use std::time::Duration;

use crate::{
    clock::Instant,
    health::{
        Health, HealthStatus,
        cell::{Begun, Cell, Done},
    },
};

const KEPT: Duration = Duration::from_secs(2);
const LIMIT: Duration = Duration::from_millis(80);

fn at(millis: u64) -> Instant {
    Instant::from_nanos(millis * 1_000_000)
}

fn done(health: Health, millis: u64, took: u64) -> Done {
    Done { health, at: at(millis), took: Duration::from_millis(took) }
}

#[test]
fn an_answer_is_kept_for_its_time_and_asked_for_once_at_a_time() {
    let cell = Cell::default();
    assert_eq!(cell.begin(at(0), KEPT, LIMIT), Begun::Run(at(80)));
    assert_eq!(cell.begin(at(10), KEPT, LIMIT), Begun::Joined(at(80)));
    cell.end(done(Health::healthy(), 20, 20));
    assert_eq!(cell.begin(at(2019), KEPT, LIMIT), Begun::Known);
    assert_eq!(cell.begin(at(2020), KEPT, LIMIT), Begun::Run(at(2100)));
}

#[test]
fn without_a_time_to_keep_it_each_answer_is_asked_for_anew() {
    let cell = Cell::default();
    cell.begin(at(0), Duration::ZERO, LIMIT);
    cell.end(done(Health::healthy(), 5, 5));
    assert_eq!(cell.begin(at(5), Duration::ZERO, LIMIT), Begun::Run(at(85)));
}

#[test]
fn a_run_that_goes_on_past_its_limit_is_not_started_again_and_holds_nobody_up() {
    let cell = Cell::default();
    cell.begin(at(0), KEPT, LIMIT);
    for later in [80, 1_000, 3_600_000] {
        assert_eq!(cell.begin(at(later), KEPT, LIMIT), Begun::Known);
    }
    cell.end(done(Health::unhealthy("late"), 3_600_001, 3_600_001));
    assert_eq!(cell.begin(at(3_602_001), KEPT, LIMIT), Begun::Run(at(3_602_081)));
}

#[test]
fn what_is_seen_of_a_run_depends_on_how_long_it_goes_on() {
    let cell = Cell::default();
    assert_eq!(cell.seen(at(0), LIMIT, false), None);
    cell.begin(at(0), KEPT, LIMIT);
    let reason = |millis| cell.seen(at(millis), LIMIT, false).unwrap().health.reason().unwrap().to_owned();
    assert_eq!(reason(30), "has not answered yet, after 30ms of 80ms");
    assert_eq!(reason(80), "did not answer within 80ms");
    assert_eq!(reason(3200), "blocks its thread: it runs for 3s now, and its limit is 80ms");
}

#[test]
fn until_a_run_ends_the_last_answer_stands_with_its_age_unless_the_limit_is_over() {
    let cell = Cell::default();
    cell.begin(at(0), KEPT, LIMIT);
    cell.end(done(Health::healthy(), 10, 10));
    cell.begin(at(5000), KEPT, LIMIT);
    let seen = cell.seen(at(5040), LIMIT, false).unwrap();
    assert_eq!(seen.health.status(), HealthStatus::Healthy);
    assert_eq!((seen.took, seen.age), (Duration::from_millis(10), Duration::from_millis(5030)));
    assert_eq!(cell.seen(at(5080), LIMIT, false).unwrap().health.status(), HealthStatus::Unhealthy);
    let given_up = cell.seen(at(5000), LIMIT, true).unwrap();
    assert_eq!(given_up.health.reason(), Some("did not answer within 80ms"));
}

#[test]
fn only_a_change_is_news_and_the_first_that_all_is_well_is_none() {
    let cell = Cell::default();
    let news: Vec<bool> = [
        HealthStatus::Healthy,
        HealthStatus::Unhealthy,
        HealthStatus::Unhealthy,
        HealthStatus::Degraded,
        HealthStatus::Healthy,
        HealthStatus::Healthy,
    ]
    .map(|status| cell.is_news(status))
    .into();
    assert_eq!(news, [false, true, false, true, true, false]);
}
