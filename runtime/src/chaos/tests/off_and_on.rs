use std::sync::{Arc, Mutex};

use crate::{
    Error, Kind,
    chaos::{Chaos, ChaosConfig, End, Fate, Fault},
    classify::{Class, Classify},
    observe::{self, Event},
    overrides::Switch,
    registry::{AnyPolicy, Order, Policy, policies},
};

fn ok() -> Result<u32, Error> {
    Ok(1)
}

#[test]
fn it_is_off_until_it_is_switched_on_whatever_its_rates() {
    let chaos = Chaos::builder().error_rate(1.0).build("chaos.off").unwrap();
    assert!((0..100).all(|_| chaos.call(ok).is_ok()));
    assert_eq!(
        (chaos.calls(), Policy::phase(&chaos), chaos.describe_state()),
        (0, Some("off"), "off".into())
    );
    chaos.enable();
    let failed = chaos.call(ok).unwrap_err();
    assert_eq!(failed, Error::injected("chaos.off", 1));
    assert_eq!(failed.to_string(), "chaos `chaos.off` made call 1 fail");
    assert!(
        chaos.describe_state().starts_with("ON: 0 late, 1 failed, 0 panicked, 0 dropped, of 1 calls, seed ")
    );
    chaos.disable();
    assert!(chaos.call(ok).is_ok());
    assert_eq!(chaos.describe_state(), "off: 0 late, 1 failed, 0 panicked, 0 dropped");
}

#[test]
fn a_failure_on_purpose_counts_as_the_dependencys() {
    let error = Error::injected("c", 1);
    assert_eq!((error.kind(), error.classify(), error.policy()), (Kind::Injected, Class::Transient, "c"));
}

#[test]
fn switched_on_again_it_numbers_its_calls_from_the_first_and_so_it_does_when_it_is_reset() {
    let chaos = Chaos::builder().error_rate(0.5).seed(3).build("chaos.again").unwrap();
    let fates = || (0..50).map(|_| chaos.call(ok).is_ok()).collect::<Vec<_>>();
    chaos.enable();
    let first = fates();
    chaos.disable();
    chaos.enable();
    assert_eq!(fates(), first);
    AnyPolicy::order(&chaos, Order::Reset, "a test");
    assert_eq!(fates(), first);
    assert!(AnyPolicy::order(&chaos, Order::Disable, "a test") && !chaos.is_on());
}

#[test]
fn what_happened_is_what_the_seed_says() {
    let config = ChaosConfig::new().error_rate(0.3).seed(11);
    let chaos = config.build("chaos.replay").unwrap();
    chaos.enable();
    for call in 1..=200 {
        let expected = config.fate("chaos.replay", 11, call).end == End::Pass;
        assert_eq!(chaos.call(ok).is_ok(), expected, "call {call}");
    }
}

#[test]
fn without_a_seed_it_draws_one_and_keeps_it() {
    let [one, other] = ["one", "other"].map(|name| Chaos::builder().build(name).unwrap());
    assert_eq!(one.seed(), one.seed());
    assert_ne!(one.seed(), other.seed());
}

#[test]
fn a_director_decides_before_the_rates_and_only_while_it_is_there() {
    let chaos = Chaos::builder().build("chaos.directed").unwrap();
    let script = Arc::new(Mutex::new(vec![None, Some(Fate::PASS), Some(Fate::fail())]));
    let directing = chaos.direct({
        let script = Arc::clone(&script);
        move || script.lock().unwrap().pop().flatten()
    });
    assert!(!chaos.is_on());
    assert_eq!([chaos.call(ok).is_ok(), chaos.call(ok).is_ok(), chaos.call(ok).is_ok()], [false, true, true]);
    drop(chaos.direct(|| Some(Fate::fail_with(Error::timed_out("theirs", std::time::Duration::ZERO)))));
    let own =
        chaos.direct(|| Some(Fate::fail_with(Error::rate_limited("theirs", std::time::Duration::ZERO))));
    assert_eq!(chaos.call(ok).unwrap_err().kind(), Kind::RateLimited);
    drop((own, directing));
    assert!(chaos.call(ok).is_ok());
}

#[test]
fn each_fault_is_reported_with_the_number_of_its_call() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    let _listening = observe::listen(move |event| {
        if let Event::Injected { policy: "chaos.told", fault, call } = event {
            ears.lock().unwrap().push((*fault, *call));
        }
    });
    let chaos = Chaos::builder().error_rate(1.0).build("chaos.told").unwrap();
    chaos.enable();
    assert!(chaos.call(ok).is_err() && chaos.call(ok).is_err());
    assert_eq!(*heard.lock().unwrap(), [(Fault::Error, 1), (Fault::Error, 2)]);
    assert_eq!((chaos.injected(Fault::Error), chaos.injected(Fault::Latency)), (2, 0));
}

#[test]
fn every_option_can_be_set_from_outside_and_a_wrong_whole_is_refused() {
    let given = [
        ("latency", "20ms"),
        ("latency_max", "1s"),
        ("latency_rate", "0.5"),
        ("error_rate", "0.2"),
        ("panic_rate", "0.1"),
        ("drop_rate", "0.3"),
        ("seed", "18_446_744_073_709_551_615"),
    ];
    let mut config = ChaosConfig::new();
    assert_eq!(
        Chaos::OPTIONS
            .iter()
            .filter(|option| option.can_be_set())
            .map(|option| option.name())
            .collect::<Vec<_>>(),
        given.map(|(name, _)| name)
    );
    for (option, (_, text)) in Chaos::OPTIONS.iter().zip(given) {
        assert_eq!(option.show(&config), None);
        config = option.read(config, text).unwrap();
        assert_eq!(option.show(&config), Some(text.replace('_', "")));
    }
    assert_eq!(Chaos::check_config(&config), Ok(()));
    assert_eq!(config.to_string().split(", ").count(), given.len());
    let wrong = Chaos::OPTIONS[3].read(config, "0.7").unwrap();
    assert_eq!(Chaos::check_config(&wrong).unwrap_err().option(), "error_rate");
    assert!(Chaos::OPTIONS[6].read(config, "seven").unwrap_err().contains("no seed"));
    assert_eq!(Chaos::OPTIONS[6].read(config, "none").unwrap().seed, None);
    assert_eq!(Chaos::SWITCH, Switch::Chaos);
}

#[test]
fn it_follows_what_is_set_from_outside() {
    let chaos = ChaosConfig::new().register("chaos.outside").unwrap();
    assert!(chaos.call(ok).is_ok());
    Policy::live(chaos).unwrap().set(ChaosConfig::new().error_rate(1.0), true);
    chaos.changed();
    assert!(chaos.call(ok).is_err());
    Policy::live(chaos).unwrap().restore();
    chaos.changed();
    assert!(chaos.call(ok).is_ok());
    assert!(policies().chaos("chaos.outside").is_some());
    assert_eq!(ChaosConfig::new().to_string(), "no faults");
}
