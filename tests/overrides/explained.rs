use mainstay::{
    Error, bulkhead, chaos, circuit_breaker, metered,
    overrides::{Environment, Origin, Valued, Values, overrides},
    policies, rate_limit,
    rate_limit::{Algorithm, Rate, RateLimitConfig},
    timeout,
};

use crate::InForce;

#[rate_limit("explained.stock", "5/s")]
#[bulkhead("explained.stock", 4)]
fn stock() -> Result<(), Error> {
    Ok(())
}

#[bulkhead(3)]
fn without_a_name() -> Result<(), Error> {
    Ok(())
}

#[test]
fn every_value_is_told_with_where_it_comes_from() {
    let in_force = InForce::nothing();
    assert_eq!((stock(), without_a_name()), (Ok(()), Ok(())));
    let kinds = Values::new().kind("bulkhead", "max_wait", "50ms").kind("rate_limit", "burst", 9);
    let names = Environment::of([
        ("MAINSTAY_EXPLAINED_STOCK_BULKHEAD_LIMIT", "7"),
        ("MAINSTAY_OVERRIDES__EXPLAINED__WITHOUT_A_NAME_BULKHEAD_LIMIT", "2"),
    ]);
    in_force.load(overrides().values(kinds).source(names)).unwrap();
    let explained = policies().explain();
    let told = |attribute, name, option| {
        let valued = explained.find(attribute, name).unwrap().option(option).unwrap();
        (valued.value.clone(), valued.origin.clone())
    };
    let (value, origin) = told("bulkhead", "explained.stock", "limit");
    assert_eq!(
        (value.as_str(), origin.to_string().as_str()),
        ("7", "name, MAINSTAY_EXPLAINED_STOCK_BULKHEAD_LIMIT")
    );
    let (value, origin) = told("bulkhead", "explained.stock", "max_wait");
    assert!(value == "50ms" && matches!(&origin, Origin::Kind(place) if place.contains("explained.rs:")));
    let (value, origin) = told("rate_limit", "explained.stock", "rate");
    assert!(
        value == "5/s" && matches!(&origin, Origin::Code(Some(place)) if place.contains("explained.rs:"))
    );
    assert_eq!(told("bulkhead", "overrides::explained::without_a_name", "limit").0, "2");
    assert_eq!(policies().bulkhead("overrides::explained::without_a_name").unwrap().limit(), 2);

    let text = explained.to_string();
    assert!(text.contains("bulkhead `explained.stock`\n    enabled "), "{text}");
}

#[metered("explained.charge", labels(zone = zone))]
#[circuit_breaker("explained.bank", timeout = "60s", failure_on(Error::Store { .. }))]
#[timeout("explained.limit", std::time::Duration::from_secs(seconds))]
#[chaos("explained.chaos", after)]
async fn charge(seconds: u64, zone: &'static str) -> Result<(), Error> {
    let _ = zone;
    Ok(())
}

/// What is told of a policy, line by line.
fn told(attribute: &str, name: &str) -> Vec<String> {
    let explained = policies().explain();
    let options = &explained.find(attribute, name).unwrap().options;
    let line = |valued: &Valued| format!("{} {}, {}", valued.option, valued.value, valued.origin.level());
    options.iter().map(line).collect()
}

#[tokio::test]
async fn every_option_is_told_set_or_not_and_whether_the_code_says_it() {
    let in_force = InForce::nothing();
    charge(1, "eu").await.unwrap();
    let values = Values::new().name("explained.bank", "circuit_breaker", "max_timeout", "2m");
    in_force.load(overrides().values(values)).unwrap();
    assert_eq!(
        told("circuit_breaker", "explained.bank"),
        [
            "enabled true, default",
            "failure_threshold 5, default",
            "failure_rate not set, default",
            "window not set, default",
            "minimum_calls not set, default",
            "slow_call not set, default",
            "slow_call_rate not set, default",
            "success_threshold 2, default",
            "timeout 60s, code",
            "max_timeout 120s, name",
            "half_open_calls not set, default",
            "on_cancel ignore, default",
            "failure_on Error::Store { .. }, code",
        ]
    );
    assert_eq!(
        told("timeout", "explained.limit"),
        ["enabled true, default", "limit set by each call, code", "exact false, default",]
    );
    assert_eq!(told("metered", "explained.charge"), ["labels zone = zone, code"]);
    let of_chaos = told("chaos", "explained.chaos");
    assert!(of_chaos.contains(&"latency not set, default".to_owned()), "{of_chaos:?}");
    assert!(of_chaos.contains(&"after true, code".to_owned()), "{of_chaos:?}");
}

#[test]
fn what_a_builder_was_given_is_told_from_defaults() {
    let _in_force = InForce::nothing();
    RateLimitConfig::new(Rate::per_second(5)).burst(9).register("explained.built").unwrap();
    assert_eq!(
        told("rate_limit", "explained.built"),
        [
            "enabled true, default",
            "rate 5/s, code",
            "algorithm token_bucket, default",
            "burst 9, code",
            "initial not set, default",
            "max_wait not set, default",
        ]
    );
}

#[rate_limit("explained.window", "3/h", burst = 2)]
fn search() -> Result<(), Error> {
    Ok(())
}

#[test]
fn a_limit_counts_in_another_way_where_that_is_set() {
    let in_force = InForce::nothing();
    let limit = policies().rate_limiter("explained.window").unwrap();
    let of_name =
        |option: &str, value: &str| Values::new().name("explained.window", "rate_limit", option, value);
    in_force.load(overrides().values(of_name("algorithm", "fixed_window"))).unwrap();
    assert_eq!(
        (limit.config().kind(), (0..9).filter(|_| search().is_ok()).count()),
        (Algorithm::FixedWindow, 3)
    );
    assert!(told("rate_limit", "explained.window").contains(&"burst not set, code".to_owned()));
    in_force.load(overrides()).unwrap();
    // What was spent is spent.
    assert_eq!((limit.config().kind(), search().is_ok()), (Algorithm::TokenBucket, false));
    let both = of_name("algorithm", "fixed_window").name("explained.window", "rate_limit", "burst", 5);
    let error = in_force.load(overrides().values(both)).unwrap_err().to_string();
    assert!(
        error.contains("policies.explained.window.rate_limit.burst: ")
            && error.contains("a window has no burst"),
        "{error}"
    );
}
