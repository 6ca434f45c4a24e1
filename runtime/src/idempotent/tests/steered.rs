//! Options that are changed from outside while calls run.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

use crate::{
    Error, Kind,
    clock::ManualClock,
    idempotent::{Idempotency, IdempotencyConfig, InFlight, OnDuplicate},
    overrides::Switch,
    registry::Policy,
};

const HOUR: Duration = Duration::from_secs(3600);

/// What a load of overrides does to it.
fn steer(policy: &Idempotency, config: IdempotencyConfig) {
    assert!(Policy::live(policy).unwrap().set(config, true));
    Policy::changed(policy);
}

#[test]
fn a_call_in_flight_is_kept_for_as_long_as_was_said_when_it_began() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let policy = Idempotency::builder().ttl(HOUR).build("test").unwrap();
    let first = policy.call("old", || {
        steer(&policy, Idempotency::builder().ttl(10 * HOUR));
        Ok::<_, Error>(1)
    });
    assert_eq!(first, Ok(1));
    assert_eq!(policy.call("new", || Ok::<_, Error>(2)), Ok(2));
    clock.advance(HOUR);
    assert_eq!(policy.call("old", || Ok::<_, Error>(3)), Ok(3));
    assert_eq!(policy.call("new", || Ok::<_, Error>(4)), Ok(2));
}

#[test]
fn what_a_repeated_call_gets_is_what_is_said_now() {
    let policy = Idempotency::builder().build("test").unwrap();
    assert_eq!(policy.call("k", || Ok::<_, Error>(1)), Ok(1));
    steer(&policy, Idempotency::builder().on_duplicate(OnDuplicate::Error));
    assert_eq!(policy.call("k", || Ok::<_, Error>(2)).unwrap_err().kind(), Kind::Duplicate);
    steer(&policy, Idempotency::builder().in_flight(InFlight::Reject));
    let outer = policy.call("busy", || {
        let inner = policy.call("busy", || Ok::<_, Error>(0));
        assert_eq!(inner.unwrap_err().kind(), Kind::InFlight);
        Ok::<_, Error>(5)
    });
    assert_eq!(outer, Ok(5));
}

#[test]
fn fewer_keys_than_there_are_stay_until_their_time_is_up() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let config = Idempotency::builder().ttl(HOUR).max_entries(10);
    let policy = config.build("test").unwrap();
    for key in 0..10 {
        policy.call(&format!("{key}"), || Ok::<_, Error>(key)).unwrap();
    }
    steer(&policy, config.max_entries(3));
    assert_eq!(policy.call("7", || Ok::<_, Error>(0)), Ok(7));
    assert_eq!(policy.call("more", || Ok::<_, Error>(0)).unwrap_err().kind(), Kind::Store);
    clock.advance(HOUR);
    for key in 0..3 {
        assert_eq!(policy.call(&format!("{key}"), || Ok::<_, Error>(99)), Ok(99));
    }
    assert_eq!(policy.call("more", || Ok::<_, Error>(0)).unwrap_err().kind(), Kind::Store);
    steer(&policy, config.max_entries(4));
    assert_eq!(policy.call("more", || Ok::<_, Error>(8)), Ok(8));
}

#[test]
fn it_cannot_be_switched_off_and_says_what_makes_no_sense() {
    assert_eq!(Idempotency::SWITCH, Switch::Never);
    let check = |config: IdempotencyConfig| {
        Idempotency::check_config(&config).map_err(|error| error.option().to_owned())
    };
    let config = Idempotency::builder();
    assert_eq!(check(config.ttl(Duration::ZERO)), Err("ttl".to_owned()));
    assert_eq!(check(config.ttl(HOUR).lease(2 * HOUR)), Err("lease".to_owned()));
    assert_eq!(check(config.in_flight(InFlight::Reject).max_wait(HOUR)), Err("max_wait".to_owned()));
    for (name, text, shown) in [
        ("ttl", "2h", "7200s"),
        ("lease", "1m", "60s"),
        ("max_wait", "5s", "5s"),
        ("max_entries", "5", "5"),
        ("on_duplicate", "error", "error"),
        ("in_flight", "reject", "reject"),
        ("on_cancel", "keep", "keep"),
        ("on_store_error", "open", "open"),
    ] {
        let option = Idempotency::OPTIONS.iter().find(|option| option.name() == name).unwrap();
        assert_eq!(option.show(&option.read(config, text).unwrap()).as_deref(), Some(shown), "{name}");
    }
}

/// Four threads repeat calls while another one changes options: each key has run exactly once.
#[test]
fn no_call_runs_twice_while_options_change() {
    const KEYS: u64 = 2_000;
    let config = Idempotency::builder().max_entries(100_000);
    let policy = config.build("test").unwrap();
    let (runs, done) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    for key in 0..KEYS {
                        let answer = policy.call(&format!("{key}"), || {
                            runs.fetch_add(1, Ordering::Relaxed);
                            Ok::<_, Error>(key)
                        });
                        match answer {
                            Ok(answer) => assert_eq!(answer, key),
                            Err(error) => assert!(matches!(error.kind(), Kind::InFlight | Kind::Duplicate)),
                        }
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            let mut random = fastrand::Rng::with_seed(3);
            while !done.load(Ordering::Relaxed) {
                let in_flight = if random.bool() { InFlight::Reject } else { InFlight::Wait };
                let on_duplicate = if random.bool() { OnDuplicate::Error } else { OnDuplicate::Replay };
                let config = config.in_flight(in_flight).on_duplicate(on_duplicate);
                steer(&policy, config.ttl(HOUR * random.u32(1..9)).max_entries(50_000 + random.u32(..5)));
            }
        });
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!((runs.load(Ordering::Relaxed), policy.run_count(), policy.len()), (KEYS, KEYS, KEYS));
}
