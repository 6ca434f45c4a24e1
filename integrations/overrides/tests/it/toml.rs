use mainstay_overrides::Toml;
use mainstay_runtime::overrides::{Entry, Level};

use crate::{entries, payments, told};

fn toml(text: &str) -> Toml {
    Toml::text("p.toml", text)
}

#[test]
fn every_value_comes_with_its_line() {
    let text = r#"
enabled = true
kinds.retry.max_attempts = 1_0

[kinds.cached]
jitter = 0.5
ttl = "2s"

[policies.payments]
circuit_breaker = { failure_threshold = 3, timeout = '10s' }
retry.enabled = false

[policies."shop::charge".rate_limit]
rate = "100/s"
"#;
    let at = |line: u32| format!("p.toml:{line}");
    assert_eq!(
        entries(&toml(text)),
        [
            Entry::new(at(2), Level::All, "enabled", "true"),
            Entry::new(at(3), Level::kind("retry"), "max_attempts", "1_0"),
            Entry::new(at(6), Level::kind("cached"), "jitter", "0.5"),
            Entry::new(at(7), Level::kind("cached"), "ttl", "2s"),
            Entry::new(at(10), payments("circuit_breaker"), "failure_threshold", "3"),
            Entry::new(at(10), payments("circuit_breaker"), "timeout", "10s"),
            Entry::new(at(11), payments("retry"), "enabled", "false"),
            Entry::new(at(14), Level::name("shop::charge", "rate_limit"), "rate", "100/s"),
        ]
    );
}

#[test]
fn nothing_is_nothing() {
    for text in ["", "\u{feff}", "# only words\n", "[policies]\n", "[policies.payments]"] {
        assert_eq!(entries(&toml(text)), [], "{text:?}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (text, told_of) in [
        ("kinds = ['retry']", "p.toml:1: kinds: a list stands where a mapping of attributes"),
        ("\n[kind.retry]", "p.toml:2: kind: this stands for nothing"),
        ("[policies.payments]\nenabled = false", "p.toml:2: policies.payments.enabled: a value stands where"),
        (
            "[kinds.retry]\nmax_attempts = [\n1]",
            "p.toml:2: kinds.retry.max_attempts: a list stands where a value",
        ),
        (
            "[kinds.retry]\nmax_attempts = 2026-11-21",
            "p.toml:2: kinds.retry.max_attempts: a date stands where",
        ),
        ("[kinds.retry]\n[kinds.retry]", "p.toml:2: this is no TOML: duplicate key"),
        ("[kinds.retry]\nmax_attempts = 1\nmax_attempts = 2", "p.toml:3: this is no TOML: duplicate key"),
        ("[kinds.retry]\nmax_attempts 5\n", "p.toml:2: this is no TOML"),
        ("[kinds.retry]\nttl = 10s\n", "p.toml:2: this is no TOML"),
    ] {
        let problems = told(&toml(text));
        assert!(problems.iter().any(|problem| problem.contains(told_of)), "{text}: {problems:?}");
    }
    assert_eq!(told(&toml("a = \nb = \nc = 1 2\n")).len(), 3);
}

#[test]
fn depth_and_length_cost_no_stack_and_little_time() {
    for deep in [
        format!("a = {}", "[".repeat(300_000)),
        format!("a = {}", "{a=".repeat(300_000)),
        "a.".repeat(300_000),
    ] {
        assert!(!told(&toml(&deep)).is_empty());
    }
    let lines = (0..20_000).map(|n| format!("a{n}.retry.max_attempts = 3\n")).collect::<String>();
    assert_eq!(entries(&toml(&format!("[policies]\n{lines}"))).len(), 20_000);
}
