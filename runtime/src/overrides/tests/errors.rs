use std::time::Duration;

use super::{
    super::{Environment, Values, desk::Desk},
    kinds::{Answer, Config, Gate, Once, desk, load_one, make, make_with},
};

/// What is said of one variable.
fn of_variable(name: &str, value: &str) -> String {
    let desk = desk();
    make::<0>("payments");
    let (_, _): (&Gate, &Answer) = (make("stock"), make("stock"));
    let _: &Once = make("payments");
    load_one(&desk, Environment::of([(name, value)])).unwrap_err().to_string()
}

#[test]
fn each_mistake_names_place_key_and_remedy() {
    for (name, value, parts) in [
        (
            "MAINSTAY_PAYMENTS_GATE_WAIT",
            "5",
            ["MAINSTAY_PAYMENTS_GATE_WAIT: policies.payments.gate.wait: `5`", "write 5s or 5ms"],
        ),
        ("MAINSTAY_GATE_LIMIT", "many", ["MAINSTAY_GATE_LIMIT: kinds.gate.limit: `many`", "no whole number"]),
        ("MAINSTAY_GATE_LIMIT", "0", ["of the gate `payments`: no call could ever enter", "at least 1"]),
        ("MAINSTAY_GATE_ORDER", "middle", ["`middle`", "`first`, `last`"]),
        ("MAINSTAY_ENABLED", "0", ["MAINSTAY_ENABLED: enabled: `0`", "write false"]),
        (
            "MAINSTAY_PAYMNETS_GATE_WAIT",
            "5s",
            ["sets nothing", "did you mean `MAINSTAY_PAYMENTS_GATE_WAIT`?"],
        ),
        ("MAINSTAY_GATE_LIMITS", "5", ["sets nothing", "did you mean `MAINSTAY_GATE_LIMIT`?"]),
        (
            "MAINSTAY_STOCK_BULKHEAD_MAX_QUEUE",
            "5",
            ["`stock` has `gate`, `spare_answer`", "MAINSTAY_STOCK_<ATTRIBUTE>_<OPTION>"],
        ),
        ("MAINSTAY_WEATHER", "5", ["sets nothing", "MAINSTAY_<NAME>_<ATTRIBUTE>_<OPTION>"]),
        ("MAINSTAY_ONCE_ENABLED", "false", ["cannot be switched off", "leave this out"]),
        ("MAINSTAY_PAYMENTS_ONCE_ENABLED", "false", ["cannot be switched off", "leave this out"]),
        (
            "CIRCUIT_BREAKER_TIMEOUT",
            "5",
            ["CIRCUIT_BREAKER_TIMEOUT: kinds.circuit_breaker.timeout", "no kind"],
        ),
    ] {
        let error = of_variable(name, value);
        assert!(parts.iter().all(|part| error.contains(part)), "{name}: {error}");
    }
    let desk = desk();
    let (_, _): (&Gate, &Answer) = (make("payments"), make("stock"));
    for (values, part) in [
        (
            Values::new().name("payments", "gate", "limt", 1),
            "no option `limt` that can be set; did you mean `limit`?",
        ),
        (Values::new().name("payments", "gaet", "limit", 1), "did you mean `gate`?"),
        (Values::new().name("paymnets", "gate", "limit", 1), "did you mean `payments`?"),
        (Values::new().name("orders", "gate", "limit", 1), "there is `payments`, `stock`"),
        (
            Values::new().name("stock", "gate", "limit", 1),
            "`stock` has no `gate` that can be set; it has `spare_answer`",
        ),
        (Values::new().kind("gate", "greeting", "a very long greeting indeed"), "at most 20 letters"),
        (Values::new().kind("gate", "share", 50), "write 0.5"),
    ] {
        let error = load_one(&desk, values).unwrap_err().to_string();
        assert!(error.contains(part) && error.contains("errors.rs:"), "{error}");
    }
}

#[test]
fn all_mistakes_are_told_together() {
    let desk = desk();
    let _: &Gate = make("a");
    let values =
        Values::new().kind("gate", "limit", "x").kind("gate", "wait", "y").kind("gaet", "wait", "1s");
    let error = load_one(&desk, values).unwrap_err();
    assert_eq!(error.problems().len(), 3);
    assert!(error.to_string().starts_with("no override was set, for 3 reasons:\n  "), "{error}");
    assert_eq!(format!("{error:?}"), error.to_string());
}

/// The options at fault, by the key of the entry that is blamed.
fn at_fault(desk: &Desk, values: Values) -> Vec<String> {
    let error = load_one(desk, values).unwrap_err();
    let keys = error.problems().iter().map(|problem| problem.key().replace("policies.", ""));
    keys.collect()
}

#[test]
fn rules_that_are_broken_are_told_together_with_values_that_cannot_be_read() {
    let desk = desk();
    let (_, _): (&Gate, &Gate) = (make("a"), make("b"));
    let of_a = |values: Values, option: &str, value: &str| values.name("a", "gate", option, value);
    // A rule of one policy, a value of another, an unknown name, and an option.
    let values = of_a(Values::new(), "limit", "0").name("b", "gate", "wait", "soon");
    let values = values.name("c", "gate", "limit", 1).name("b", "gate", "limt", 1);
    assert_eq!(at_fault(&desk, values), ["b.gate.wait", "c.gate.limit", "b.gate.limt", "a.gate.limit"]);
    // A rule that is broken whatever the value that cannot be read is to be.
    let values = of_a(of_a(Values::new(), "limit", "0"), "wait", "soon");
    assert_eq!(at_fault(&desk, values), ["a.gate.wait", "a.gate.limit"]);
    // A rule that it might mend, or not.
    let values = of_a(of_a(Values::new(), "queue", "0"), "wait", "soon");
    assert_eq!(at_fault(&desk, values), ["a.gate.wait"]);
    // Two rules of one policy at once.
    let values = of_a(of_a(Values::new(), "limit", "0"), "queue", "0");
    assert_eq!(at_fault(&desk, values), ["a.gate.limit", "a.gate.queue"]);
    // One of a kind breaks the rules of each.
    assert_eq!(at_fault(&desk, Values::new().kind("gate", "limit", 0)).len(), 2);
    // One that nobody spoke of.
    make_with::<0>("c", Config { queue: Some(0), wait: Duration::ZERO, ..Config::new() });
    let values =
        of_a(Values::new(), "limit", "3").name("c", "gate", "wait", "1s").name("c", "gate", "limit", 5);
    let error = load_one(&desk, values).unwrap_err().to_string();
    assert!(error.contains("policies.c.gate.wait: of the gate `c`: `queue`: nobody can wait"), "{error}");
}

#[test]
fn what_is_code_only_says_so() {
    let error = of_variable("MAINSTAY_GATE_BUILT_IN", "3");
    assert!(error.contains("sets nothing"), "{error}");
    let desk = desk();
    make::<0>("a");
    assert_eq!(
        load_one(&desk, Values::new().kind("gate", "built_in", 3)).unwrap_err().problems()[0].problem(),
        "`built_in` of `gate` is set in code only; leave it out"
    );
}

#[test]
fn a_reload_of_nothing_is_an_error() {
    assert!(desk().reload().unwrap_err().to_string().contains("load it first"));
}
