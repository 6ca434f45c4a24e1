use mainstay_overrides::Yaml;
use mainstay_runtime::overrides::{Entry, Level};

use crate::{entries, payments, told};

fn yaml(text: &str) -> Yaml {
    Yaml::text("p.yaml", text)
}

#[test]
fn every_value_comes_with_its_line() {
    let text = r#"
enabled: true
kinds:
  retry: { max_attempts: 5 }
  timeout:
    limit: "2s" # quoted or not
policies:
  payments:
    circuit_breaker: {failure_threshold: 3, timeout: 10s}
    retry:
      enabled: false
  "shop::charge":
    rate_limit: { rate: 100/s }
"#;
    let at = |line: u32| format!("p.yaml:{line}");
    assert_eq!(
        entries(&yaml(text)),
        [
            Entry::new(at(2), Level::All, "enabled", "true"),
            Entry::new(at(4), Level::kind("retry"), "max_attempts", "5"),
            Entry::new(at(6), Level::kind("timeout"), "limit", "2s"),
            Entry::new(at(9), payments("circuit_breaker"), "failure_threshold", "3"),
            Entry::new(at(9), payments("circuit_breaker"), "timeout", "10s"),
            Entry::new(at(11), payments("retry"), "enabled", "false"),
            Entry::new(at(13), Level::name("shop::charge", "rate_limit"), "rate", "100/s"),
        ]
    );
}

#[test]
fn nothing_is_nothing() {
    for text in [
        "",
        "\u{feff}",
        "# only words\n",
        "---\n",
        "policies:\n",
        "policies:\n  payments:\n",
        "kinds: ~",
        "{}",
    ] {
        assert_eq!(entries(&yaml(text)), [], "{text:?}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (text, told_of) in [
        ("kinds: [retry]", "p.yaml:1: kinds: a list stands where a mapping of attributes"),
        ("- a\n- b", "p.yaml:1: a list stands where a mapping with `enabled`, `kinds` and `policies`"),
        ("\nkind:\n  retry: {}", "p.yaml:2: kind: this stands for nothing; there is `enabled`, `kinds`"),
        (
            "policies:\n  payments:\n    enabled: false",
            "p.yaml:3: policies.payments.enabled: a value stands where the options of an attribute are expected; write for \
             example the option below its attribute, as in `retry: { enabled: … }`",
        ),
        ("policies:\n  payments:\n    bulkhead: none", "write for example `bulkhead: { enabled: false }`"),
        (
            "policies:\n  payments:\n    retry.max_attempts: 4",
            "write for example `retry: { max_attempts: … }`",
        ),
        ("kinds:\n  retry:\n    max_attempts:\n", "p.yaml:3: kinds.retry.max_attempts: there is no value"),
        (
            "kinds:\n  retry:\n    max_attempts: [1]\n",
            "p.yaml:3: kinds.retry.max_attempts: a list stands where a value",
        ),
        ("kinds:\n  retry: 5", "p.yaml:2: kinds.retry: a value stands where a mapping of options"),
        (
            "kinds:\n  retry: {}\n  retry: {}",
            "p.yaml:3: `retry` stands here a second time; it is on line 2, too",
        ),
        ("kinds: &all\n  retry: {}\npolicies: *all", "p.yaml:3: aliases are not read"),
        ("kinds:\n  <<: {}", "p.yaml:2: merges are not read"),
        ("kinds: !!map\n  retry: {}", "p.yaml:1: tags are not read"),
        ("kinds: {}\n---\nkinds: {}", "p.yaml:2: a second document begins here"),
        ("? [a]\n: b", "p.yaml:1: a key is a text"),
        ("kinds:\n\tretry: {}", "p.yaml:2: this is no YAML"),
        ("kinds: {retry: {max_attempts: 5}", "this is no YAML"),
    ] {
        let problems = told(&yaml(text));
        assert!(problems.iter().any(|problem| problem.contains(told_of)), "{text}: {problems:?}");
    }
    let problems = told(&yaml("kind: 1\nkinds: 5\npolicies: { a: { retry: [], timeout: 5 } }"));
    assert_eq!(problems.len(), 4, "{problems:?}");
}

#[test]
fn depth_and_length_cost_no_stack_and_little_time() {
    for deep in ["[".repeat(1_000_000), "{a: ".repeat(200_000), "- ".repeat(400_000), "[".repeat(100)] {
        let told = told(&yaml(&deep));
        assert!(told[0].contains("limit") || told[0].contains("16 levels deep"), "{told:?}");
    }
    let levels: String = (0..20).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    let told = told(&yaml(&levels));
    assert!(told[0].contains(": this lies more than 16 levels deep"), "{told:?}");
    let lines =
        (0..20_000).map(|n| format!("  a{n}: {{ retry: {{ max_attempts: 3 }} }}\n")).collect::<String>();
    assert_eq!(entries(&yaml(&format!("policies:\n{lines}"))).len(), 20_000);
}

#[test]
fn a_section_of_a_larger_file_is_read_alone() {
    let text = "service:\n  port: 8080\nresilience:\n  kinds:\n    retry: { max_attempts: 5 }\n";
    let source = yaml(text).under("resilience");
    assert_eq!(entries(&source), [Entry::new("p.yaml:5", Level::kind("retry"), "max_attempts", "5")]);
    assert_eq!(entries(&yaml("service: {}").under("resilience").optional()), []);
    let problems = told(&yaml("service: {}").under("resilience"));
    assert!(problems[0].contains("resilience: there is no such key"), "{problems:?}");
    let problems = told(&yaml("policies: { shop: { charge: { retry: { enabled: true } } } }"));
    assert!(problems[0].contains("a name that has a dot in quotes"), "{problems:?}");
    let problems = told(&yaml("resilience:\n  kinds: 5").under("resilience"));
    assert!(problems[0].starts_with("p.yaml:2: resilience.kinds: "), "{problems:?}");
}
