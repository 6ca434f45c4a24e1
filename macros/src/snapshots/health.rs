//! `#[health_check]` and `#[derive(HealthCheck)]`, which are no layers of a stack.

use super::expand::{check, check_change};
use crate::{health_check::Options, options::OptionSet};

const FUNCTION: &str = "async fn database() -> Result<(), Error> {
    ping().await
}";

const BLOCK: &str = "impl<T: Store> Orders<T> {
    pub fn is_open(&self) -> bool {
        self.open
    }
    async fn size() -> Health {
        count().await
    }
    const LIMIT: usize = 5;
}";

fn deps(options: &str) -> String {
    format!("#[derive(HealthCheck)]\nstruct Deps {{\n    {options}\n    database: Arc<Pool>,\n}}")
}

#[test]
fn each_option_of_a_function() {
    let plain = format!("#[health_check]\n{FUNCTION}");
    check("health_check", &plain);
    for (name, options) in [
        ("name", "\"postgres\""),
        ("live", "live, local"),
        ("ready", "ready, startup"),
        ("timeout", "timeout = \"50ms\""),
        ("cache", "cache = CACHE"),
        ("on_fail", "on_fail = degraded"),
        ("crate", "crate = other::path"),
    ] {
        check_change(
            &format!("health_check__{name}"),
            &plain,
            &format!("#[health_check({options})]\n{FUNCTION}"),
        );
    }
}

#[test]
fn each_option_of_a_field() {
    let rows = [
        ("name", "name = \"postgres\""),
        ("live", "live, ready"),
        ("ready", "ready"),
        ("startup", "startup"),
        ("local", "live, local, with = is_open"),
        ("timeout", "timeout = \"50ms\""),
        ("cache", "cache = \"0s\""),
        ("on_fail", "on_fail = unhealthy"),
        ("with", "with = |pool: &Arc<Pool>| pool.is_open()"),
    ];
    let plain = deps("");
    check("check", &plain);
    for (name, options) in rows {
        check_change(&format!("check__{name}"), &plain, &deps(&format!("#[check({options})]")));
    }
    check_change("check__skip", &plain, &deps("#[check(skip)] name: String,"));
    let breaker = format!("#[derive(HealthCheck)]\n#[check(breaker = \"payments\")]\n{}", &plain[23..]);
    check_change("check__breaker", &plain, &breaker);
    let others = ["skip", "breaker"];
    for name in Options::default().names() {
        let is_there = rows.iter().any(|(row, _)| row == name) || others.contains(name);
        assert!(is_there, "`check` has no row for `{name}`");
    }
}

#[test]
fn shapes() {
    check("health_check__generic", "#[derive(HealthCheck)]\nstruct Deps<T: Clone>(#[check(\"first\")] T);");
    let block = BLOCK
        .replace("    pub fn", "    #[check(live)]\n    pub fn")
        .replace("    async", "    #[check]\n    async");
    check("health_check__block", &format!("#[health_check]\n{block}"));
    check(
        "health_check__misuse",
        "#[health_check(lve, timeout = \"0s\")]\nfn database<T>(pool: T) -> bool { pool.is_open() }",
    );
}
