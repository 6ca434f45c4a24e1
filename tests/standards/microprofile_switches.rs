//! MicroProfile Fault Tolerance, switches from outside. Its keys of a method are our names, its keys without a method our
//! kinds, and `MP_Fault_Tolerance_NonFallback_Enabled` is our master switch. Run by `tests/standards_config`.

use mainstay::overrides::{Values, overrides};

use crate::subjects::{covered_attempts, on, set};

const KINDS: [&str; 5] = ["retry", "fallback", "circuit_breaker", "timeout", "bulkhead"];
const NAMES: [(&str, &str); 6] = [
    ("cf.retry", "retry"),
    ("cf.covered", "retry"),
    ("cf.fallback", "fallback"),
    ("cf.breaker", "circuit_breaker"),
    ("cf.timeout", "timeout"),
    ("cf.bulkhead", "bulkhead"),
];

fn kinds(values: Values, enabled: bool) -> Values {
    KINDS.into_iter().fold(values, |values, kind| values.kind(kind, "enabled", enabled))
}

fn names(values: Values, enabled: bool) -> Values {
    NAMES.into_iter().fold(values, |values, (name, kind)| values.name(name, kind, "enabled", enabled))
}

/// CF-x02.
#[tokio::test(start_paused = true)]
async fn without_values_from_outside_all_are_as_written() {
    let _set = set(Values::new()).await;
    assert_eq!((on().await.as_str(), covered_attempts().await), ("rfctb", 2));
}

/// CF-01, CF-02, CF-04.
#[tokio::test(start_paused = true)]
async fn one_switch_turns_all_off_but_fallbacks() {
    let _set = set(Values::new().enabled(false)).await;
    assert_eq!((on().await.as_str(), covered_attempts().await), ("f", 1));
}

/// CF-05.
#[tokio::test(start_paused = true)]
async fn each_kind_is_off_everywhere() {
    {
        let _set = set(kinds(Values::new(), false)).await;
        assert_eq!((on().await.as_str(), covered_attempts().await), ("", 1));
    }
    for (kind, left) in KINDS.into_iter().zip(["fctb", "rctb", "rftb", "rfcb", "rfct"]) {
        let _set = set(Values::new().kind(kind, "enabled", false)).await;
        assert_eq!(on().await, left, "{kind}");
    }
}

/// CF-07.
#[tokio::test(start_paused = true)]
async fn each_is_off_by_its_name_and_others_of_its_kind_stay_on() {
    {
        let _set = set(names(Values::new(), false)).await;
        assert_eq!((on().await.as_str(), covered_attempts().await), ("", 1));
    }
    let _set = set(Values::new().name("cf.retry", "retry", "enabled", false)).await;
    assert_eq!((on().await.as_str(), covered_attempts().await), ("fctb", 2));
}

/// CF-08, CF-10.
#[tokio::test(start_paused = true)]
async fn what_is_said_of_a_name_wins_over_what_is_said_of_its_kind() {
    {
        let _set = set(names(kinds(Values::new(), false), true)).await;
        assert_eq!((on().await.as_str(), covered_attempts().await), ("rfctb", 2));
    }
    {
        let _set = set(names(kinds(Values::new(), true), false)).await;
        assert_eq!(on().await, "");
    }
    let values = kinds(Values::new(), false).name("cf.breaker", "circuit_breaker", "enabled", true);
    let _set = set(values).await;
    assert_eq!(on().await, "c");
}

/// CF-11.
#[tokio::test(start_paused = true)]
async fn the_one_switch_has_the_lowest_rank() {
    {
        let _set = set(kinds(Values::new().enabled(false), true)).await;
        assert_eq!((on().await.as_str(), covered_attempts().await), ("rfctb", 2));
    }
    let _set = set(names(Values::new().enabled(false), true)).await;
    assert_eq!((on().await.as_str(), covered_attempts().await), ("rfctb", 2));
}

/// CF-12.
#[tokio::test(start_paused = true)]
async fn single_functions_are_on_where_all_is_off() {
    for ((name, kind), on_now) in NAMES.into_iter().zip(["rf", "f", "f", "fc", "ft", "fb"]) {
        let _set = set(Values::new().enabled(false).name(name, kind, "enabled", true)).await;
        assert_eq!(on().await, on_now, "{name}");
    }
}

/// CF-14.
#[tokio::test(start_paused = true)]
async fn the_one_switch_can_be_turned_while_the_program_runs() {
    let _set = set(Values::new()).await;
    for (enabled, on_now) in [(false, "f"), (true, "rfctb"), (false, "f")] {
        overrides().values(Values::new().enabled(enabled)).load().unwrap();
        assert_eq!(on().await, on_now);
    }
}
