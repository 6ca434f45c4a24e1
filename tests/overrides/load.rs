//! What limits, repeats and breaks calls by what is measured, set from outside by name.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use mainstay::{
    Error, Kind, adaptive_limit, chaos, clock, hedge,
    overrides::{Values, overrides},
    policies, retry, throttle,
};

use crate::InForce;

#[adaptive_limit("load.limit", initial = 2, max = 10)]
fn enter(again: bool) -> Result<u32, Error> {
    if again { enter(false) } else { Ok(1) }
}

#[test]
fn an_adaptive_limit_moves_to_its_new_bounds_and_lets_all_in_when_it_is_off() {
    let in_force = InForce::nothing();
    let limit = policies().adaptive_limit("load.limit").unwrap();
    limit.reset();
    assert_eq!((enter(true), limit.limit()), (Ok(1), 2));
    let one = || {
        let one = Values::new().name("load.limit", "adaptive_limit", "max", 1);
        one.name("load.limit", "adaptive_limit", "initial", 1)
    };
    in_force.load(overrides().values(one())).unwrap();
    assert_eq!(
        (enter(true).map_err(|error| error.kind()), limit.limit()),
        (Err(Kind::ConcurrencyLimited), 1)
    );
    let off = one().name("load.limit", "adaptive_limit", "enabled", false);
    in_force.load(overrides().values(off)).unwrap();
    assert_eq!((enter(true), limit.in_flight()), (Ok(1), 0));
    // More than the code's `max`: nothing changes.
    let wrong = Values::new().name("load.limit", "adaptive_limit", "min", 50);
    assert!(in_force.load(overrides().values(wrong)).is_err());
    assert_eq!((enter(true), limit.config().to_string().contains("50")), (Ok(1), false));
    in_force.load(overrides()).unwrap();
    limit.reset();
    assert_eq!((enter(true), limit.limit(), limit.in_flight()), (Ok(1), 2, 0));
}

#[throttle("load.throttle", reject_if = |_| true)]
fn ask(reached: &mut u32) -> Result<(), Error> {
    *reached += 1;
    Err(Error::timed_out("server", Duration::from_secs(1)))
}

#[test]
fn a_throttle_refuses_by_the_options_in_force() {
    let in_force = InForce::nothing();
    let throttle = policies().throttle("load.throttle").unwrap();
    throttle.reset();
    let reached = |calls| {
        let mut reached = 0;
        (0..calls).for_each(|_| drop(ask(&mut reached)));
        reached
    };
    let set = |option: &str, value: &str| {
        let values = Values::new().name("load.throttle", "throttle", option, value);
        in_force.load(overrides().values(values)).unwrap();
    };
    set("minimum_calls", "1000");
    assert_eq!((reached(500), throttle.rejection_rate()), (500, 0.0));
    let explained = policies().explain();
    let minimum = explained.find("throttle", "load.throttle").unwrap().option("minimum_calls").unwrap();
    assert_eq!(minimum.value, "1000");
    // The window stays, and is judged by the numbers in force.
    set("max_rejection_rate", "0.5");
    assert_eq!(throttle.rejection_rate(), 0.5);
    assert!(reached(500) < 500);
    set("enabled", "false");
    assert_eq!(reached(500), 500);
    in_force.load(overrides()).unwrap();
    assert_eq!(throttle.rejection_rate(), 0.9);
    throttle.reset();
}

/// The first attempt of each call hangs.
#[hedge("load.hedge", after = "1s", budget = 1, safe)]
async fn read(runs: &AtomicU32) -> Result<u32, Error> {
    let run = runs.fetch_add(1, Ordering::Relaxed);
    clock::sleep(Duration::from_secs(if run == 0 { 60 } else { 0 })).await;
    Ok(run)
}

#[test]
fn a_hedge_waits_as_long_as_is_set_and_is_not_made_when_it_is_off() {
    let in_force = InForce::nothing();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let took = || {
        runtime.block_on(async {
            let (start, runs) = (clock::now(), AtomicU32::new(0));
            let answer = read(&runs).await;
            (answer, clock::now().saturating_since(start))
        })
    };
    assert_eq!(took(), (Ok(1), Duration::from_secs(1)));
    let set = |option: &str, value: &str| {
        in_force.load(overrides().values(Values::new().name("load.hedge", "hedge", option, value)))
    };
    set("after", "50ms").unwrap();
    assert_eq!(took(), (Ok(1), Duration::from_millis(50)));
    set("enabled", "false").unwrap();
    assert_eq!(took(), (Ok(0), Duration::from_secs(60)));
    let wrong = set("after", "p100").unwrap_err().to_string();
    assert!(wrong.contains("load.hedge") && wrong.contains("after"), "{wrong}");
    in_force.load(overrides()).unwrap();
    assert_eq!(took(), (Ok(1), Duration::from_secs(1)));
}

#[retry("load.retry", max_attempts = 5, initial_delay = "0s", budget = "load.budget")]
fn try_again(runs: &mut u32) -> Result<(), Error> {
    *runs += 1;
    Err(Error::timed_out("server", Duration::from_secs(1)))
}

#[test]
fn a_budget_permits_what_is_set_for_its_name() {
    let in_force = InForce::nothing();
    let runs = || {
        let mut runs = 0;
        let _ = try_again(&mut runs);
        runs
    };
    assert_eq!(runs(), 5);
    let none =
        || Values::new().name("load.budget", "budget", "floor", 0).name("load.budget", "budget", "ratio", 0);
    in_force.load(overrides().values(none())).unwrap();
    assert_eq!(runs(), 1);
    in_force.load(overrides().values(none().name("load.budget", "budget", "enabled", false))).unwrap();
    assert_eq!(runs(), 5);
    in_force.load(overrides().values(none().kind("budget", "enabled", false))).unwrap();
    assert_eq!(runs(), 5);
    in_force.load(overrides()).unwrap();
    assert_eq!(
        policies().budget("load.budget").unwrap().config().to_string(),
        "ratio 0.2, floor 10, window 10s"
    );
}

#[chaos("load.chaos", error_rate = 0.5, seed = 7)]
fn write() -> Result<(), Error> {
    Ok(())
}

#[test]
fn chaos_is_switched_on_by_its_own_switch_and_not_by_the_master_switch() {
    let in_force = InForce::nothing();
    let failed = || (0..100).filter(|_| write().is_err()).count();
    in_force.load(overrides().values(Values::new().enabled(true))).unwrap();
    assert_eq!(failed(), 0);
    let on = || Values::new().name("load.chaos", "chaos", "enabled", true);
    in_force.load(overrides().values(on())).unwrap();
    let half = failed();
    assert!((20..80).contains(&half), "{half}");
    in_force.load(overrides().values(on().name("load.chaos", "chaos", "error_rate", 1))).unwrap();
    assert_eq!(failed(), 100);
    let wrong = on().name("load.chaos", "chaos", "panic_rate", 0.9);
    let error = in_force.load(overrides().values(wrong)).unwrap_err().to_string();
    assert!(error.contains("load.chaos"), "{error}");
    in_force.load(overrides()).unwrap();
    assert_eq!(failed(), 0);
    // What it did is drawn from the seed: the same again.
    in_force.load(overrides().values(on())).unwrap();
    assert_eq!(failed(), half);
}
