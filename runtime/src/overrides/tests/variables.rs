use std::ffi::OsString;

use super::{
    super::Environment,
    kinds::{Gate, desk, explain, load_one, make},
};

#[test]
fn names_are_capitals_with_underscores() {
    let desk = desk();
    let (a, b): (&Gate, &Gate) = (make("shop::pay-all"), make("β"));
    load_one(
        &desk,
        Environment::of([
            ("MAINSTAY_SHOP__PAY_ALL_GATE_LIMIT", "1"),
            ("MAINSTAY___GATE_LIMIT", "2"),
            ("MAINSTAY_GATE_WAIT", " 2s "),
            ("MAINSTAY_ENABLED", "false"),
            ("MAINSTAY_SHOP__PAY_ALL_GATE_ENABLED", "true"),
            ("PATH", "/bin"),
        ]),
    )
    .unwrap();
    assert_eq!((a.config().limit, b.config().limit), (1, 2));
    assert_eq!((a.shows("wait"), a.is_on(), b.is_on()), ("2s".to_owned(), true, false));
    let explained = explain(&desk);
    let limit = &explained.find("gate", "shop::pay-all").unwrap().option("limit").unwrap();
    assert_eq!(limit.origin.to_string(), "name, MAINSTAY_SHOP__PAY_ALL_GATE_LIMIT");
}

#[test]
fn a_variable_with_two_meanings_is_refused() {
    let desk = desk();
    let (_, _): (&Gate, &Gate) = (make("pay-all"), make("pay_all"));
    let error = load_one(&desk, Environment::of([("MAINSTAY_PAY_ALL_GATE_LIMIT", "1")])).unwrap_err();
    assert!(
        error.to_string().contains("`policies.pay-all.gate.limit` and `policies.pay_all.gate.limit`"),
        "{error}"
    );
}

#[test]
fn what_is_empty_reserved_or_ignored_sets_nothing() {
    let desk = desk();
    let gate: &Gate = make("a");
    let variables = [
        ("MAINSTAY_GATE_LIMIT", ""),
        ("MAINSTAY_OPS_TOKEN", "secret"),
        ("MAINSTAY_OPS_HOSTS", "ops.example.com"),
        ("MAINSTAY_STEPS", "5"),
        ("MAINSTAY_OTHER", "5"),
    ];
    let report = load_one(&desk, Environment::of(variables).ignore("MAINSTAY_OTHER")).unwrap();
    assert_eq!((report.settings(), gate.config().limit), (0, 10));
}

#[cfg(unix)]
#[test]
fn a_value_that_is_no_text_is_told() {
    use std::os::unix::ffi::OsStringExt;

    let odd =
        Environment::of([(OsString::from("MAINSTAY_GATE_LIMIT"), OsString::from_vec(vec![0xff, b'1']))]);
    let error = load_one(&desk(), odd).unwrap_err();
    assert!(error.to_string().contains("MAINSTAY_GATE_LIMIT: its value is no text"), "{error}");
}
