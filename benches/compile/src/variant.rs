//! What stands above the functions that are compiled.

/// One way of annotating the same functions.
pub struct Variant {
    pub name: &'static str,
    /// As it is shown in tables.
    pub title: &'static str,
    /// Lines above each function.
    pub attributes: &'static str,
    /// Lines of `[dependencies]`; `{mainstay}` is the path of the checkout.
    pub dependencies: &'static str,
    pub shape: Shape,
    /// Whether the error type holds a `mainstay::Error`.
    pub ours: bool,
    /// The variant without attributes that this one is compared with.
    pub base: &'static str,
}

impl Variant {
    /// The name of the crate that is generated; no peer has it.
    pub fn package(&self) -> String {
        format!("with_{}", self.name)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Function,
    /// A method in an implementation of its own of a trait of its own; the attributes stand above both.
    Method,
}

const MAINSTAY: &str = "mainstay = { path = \"{mainstay}\" }";

const RETRY: &str = "#[mainstay::retry(max_attempts = 4, initial_delay = \"100ms\")]";
const BREAKER: &str = "#[mainstay::circuit_breaker(failure_threshold = 5, timeout = \"30s\")]";
const LIMIT: &str = "#[mainstay::rate_limit(\"100/s\")]";
const BULKHEAD: &str = "#[mainstay::bulkhead(10)]";
const TIMEOUT: &str = "#[mainstay::timeout(\"2s\")]";
const FALLBACK: &str = "#[mainstay::fallback(|_| Ok(String::new()))]";
const FIVE: &str = "#[mainstay::retry(max_attempts = 4, initial_delay = \"100ms\")]
#[mainstay::circuit_breaker(failure_threshold = 5, timeout = \"30s\")]
#[mainstay::rate_limit(\"100/s\")]
#[mainstay::bulkhead(10)]
#[mainstay::timeout(\"2s\")]";

const fn ours(name: &'static str, title: &'static str, attributes: &'static str) -> Variant {
    Variant {
        name,
        title,
        attributes,
        dependencies: MAINSTAY,
        shape: Shape::Function,
        ours: true,
        base: "bare",
    }
}

const fn theirs(
    name: &'static str,
    title: &'static str,
    attributes: &'static str,
    dependencies: &'static str,
) -> Variant {
    Variant { name, title, attributes, dependencies, shape: Shape::Function, ours: false, base: "bare" }
}

/// All of them, a base before what is compared with it.
pub const ALL: [Variant; 13] = [
    theirs("bare", "none", "", ""),
    ours("retry", "`#[retry]`", RETRY),
    ours("breaker", "`#[circuit_breaker]`", BREAKER),
    ours("limit", "`#[rate_limit]`", LIMIT),
    ours("bulkhead", "`#[bulkhead]`", BULKHEAD),
    ours("timeout", "`#[timeout]`", TIMEOUT),
    ours("fallback", "`#[fallback]`", FALLBACK),
    ours("five", "stack of five", FIVE),
    theirs("instrument", "`#[tracing::instrument]`", "#[tracing::instrument]", "tracing = \"0.1.44\""),
    theirs(
        "fastrace",
        "`#[fastrace::trace]`",
        "#[fastrace::trace]",
        "fastrace = { version = \"0.7.19\", features = [\"enable\"] }",
    ),
    theirs(
        "cached",
        "`#[cached]`",
        "#[cached::macros::cached(max_size = 1_000, ttl_secs = 60)]",
        "cached = { version = \"4.1\", features = [\"async\"] }",
    ),
    Variant { shape: Shape::Method, ..theirs("methods", "none, in a trait", "", "") },
    Variant {
        shape: Shape::Method,
        base: "methods",
        ..theirs("asynctrait", "`#[async_trait]`", "#[async_trait::async_trait]", "async-trait = \"0.1.92\"")
    },
];

/// The variant of that name.
pub fn named(name: &str) -> Option<&'static Variant> {
    ALL.iter().find(|variant| variant.name == name)
}
