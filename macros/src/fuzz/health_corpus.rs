//! What `#[health_check]` and its derive are tried with.

/// Options of `#[health_check]` and `#[check]`.
pub(super) const CHECKS: &[&str] = &[
    "\"database\"",
    "name = \"database\"",
    "live",
    "ready",
    "startup",
    "local",
    "timeout = \"50ms\"",
    "timeout = LIMIT",
    "cache = \"0s\"",
    "on_fail = degraded",
    "with = is_open",
    "with = |pool| pool.is_open()",
    "skip",
    "breaker = \"payments\"",
    "crate = other::path",
];

/// What `#[health_check]` goes on.
pub(super) const CHECKED: &[&str] = &[
    "async fn database() -> Result<(), E> { the_users_body().await }",
    "pub(crate) fn is_open() -> bool { the_users_body() }",
    "fn later() -> impl Future<Output = Health> + Send { async { let half_typed = pool. the_users_body } }",
    "impl Orders { #[check(live)] fn is_open(&self) -> bool { the_users_body() } const A: u8 = 1; }",
    "impl<T: Send + Sync + 'static> Orders<T> where T: Clone { #[check] #[inline] pub async fn size() -> Health { the_users_body.  } fn other(&mut self) {} }",
    "impl Get for Orders { #[check] fn get(&self) -> bool { the_users_body() } }",
];

/// Types that derive `HealthCheck`.
pub(super) const HEALTHY: &[&str] = &[
    "struct Deps { database: Arc<Pool>, #[check(live)] queue: Queue, #[check(with = is_open, timeout = \"1s\")] r#type: u8, #[check(skip)] _name: String }",
    "#[check(crate = other::path)] #[check(breaker = \"payments\", on_fail = degraded)] pub struct Deps<T: Clone, const N: usize = 1> where T: Send { a: Option<T>, #[check(startup, ready)] b: [T; N] }",
    "struct Deps(#[check(\"first\")] Pool, #[check(name = \"second\", cache = \"0s\")] Box<Pool>);",
    "struct Deps;",
    "enum Deps { A(Pool) }",
    "union Deps { a: u8 }",
];
