use std::{
    borrow::Cow,
    fmt,
    panic::Location,
    sync::{
        Arc, Mutex, Once, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::runtime::Handle;

use super::{
    CheckOptions, HealthCheck, NotReady,
    entry::Entry,
    gate::Gate,
    heartbeat::Heartbeat,
    part::{self, Part},
    site::{CHECKS, CheckSite},
};
use crate::{ConfigError, Name, shutdown::Place};

/// The checks of this program: functions with `#[health_check]`, and what is [added](HealthChecker::add).
///
/// Readiness says no until they are [installed](HealthChecker::installed).
pub fn checks() -> &'static HealthChecker {
    static CHECKS: OnceLock<HealthChecker> = OnceLock::new();
    CHECKS.get_or_init(|| HealthChecker::made("program".into(), true))
}

/// Turns the readiness of this program off until what it gives is dropped: while it shuts down, or while work goes on that
/// must not be disturbed.
///
/// ```
/// use mainstay_runtime::health::{self, HealthStatus, Probe};
///
/// # let _still = mainstay_runtime::clock::ManualClock::new().install();
/// let warming_up = health::not_ready("the cache is being filled");
/// assert_eq!(health::checks().report(Probe::Ready).status, HealthStatus::Unhealthy);
/// drop(warming_up);
/// ```
pub fn not_ready(reason: impl Into<Cow<'static, str>>) -> NotReady {
    checks().not_ready(reason)
}

/// A set of checks that are asked together, side by side.
///
/// Each runs on a thread that does nothing else meanwhile and belongs to no runtime, with the timers and sockets of the
/// runtime in which it was added. Whoever hangs, panics or blocks is told so, and holds nobody up. Cloning gives the same
/// set.
///
/// ```
/// use mainstay_runtime::health::{HealthChecker, HealthStatus, Probe, from_fn};
///
/// # let _still = mainstay_runtime::clock::ManualClock::new().install();
/// let checker = HealthChecker::new("shop");
/// checker.add_as("database", from_fn(|| async { true })).add_as("search", from_fn(|| async { false }));
///
/// let report = checker.report(Probe::Overall);
/// assert_eq!(report.status, HealthStatus::Unhealthy);
/// assert_eq!(report.status_of("database"), Some(HealthStatus::Healthy));
/// ```
#[derive(Clone)]
pub struct HealthChecker(pub(super) Arc<Checks>);

pub(super) struct Checks {
    service: Name,
    entries: RwLock<Vec<Arc<Entry>>>,
    pub(super) gate: Arc<Gate>,
    /// Whether the program's own may say that it is ready.
    pub(super) is_installed: AtomicBool,
    pub(super) has_started: AtomicBool,
    home: Mutex<Option<Handle>>,
    heartbeat: Mutex<Option<Arc<Heartbeat>>>,
    of_program: bool,
    listed: Once,
}

impl HealthChecker {
    /// An empty set for the service of that name. It is ready as soon as its checks are.
    pub fn new(service: impl Into<Name>) -> Self {
        Self::made(service.into(), false)
    }

    fn made(service: Name, of_program: bool) -> Self {
        Self(Arc::new(Checks {
            service,
            entries: RwLock::default(),
            gate: Arc::default(),
            is_installed: AtomicBool::new(!of_program),
            has_started: AtomicBool::new(false),
            home: Mutex::default(),
            heartbeat: Mutex::default(),
            of_program,
            listed: Once::new(),
        }))
    }

    /// What it was made for.
    pub fn service(&self) -> &str {
        self.0.service.as_str()
    }

    /// Adds a check under the name of its type, or, where it is derived, a check for each of its fields under the field's
    /// name.
    ///
    /// Called inside a tokio runtime, the check uses the timers and sockets of that one. A name that is taken gets a number, and the log
    /// warns with both places.
    #[track_caller]
    pub fn add(&self, check: impl HealthCheck) -> &Self {
        self.add_parts(part::parts_of(check, None, CheckOptions::new()))
    }

    /// The same under another name; the checks of a derived one begin with it: `orders.database`.
    #[track_caller]
    pub fn add_as(&self, name: &str, check: impl HealthCheck) -> &Self {
        self.add_parts(part::parts_of(check, Some(name), CheckOptions::new()))
    }

    /// The same with options, which overrule what the check says of itself.
    ///
    /// # Errors
    /// Those of [`CheckOptions::check`].
    #[track_caller]
    pub fn add_with(
        &self,
        name: &str,
        options: CheckOptions,
        check: impl HealthCheck,
    ) -> Result<&Self, ConfigError> {
        options.check()?;
        Ok(self.add_parts(part::parts_of(check, Some(name), options)))
    }

    /// The same as [`add`](Self::add).
    #[track_caller]
    pub fn add_check(&self, check: impl HealthCheck) -> &Self {
        self.add(check)
    }

    #[track_caller]
    fn add_parts(&self, parts: Vec<Part>) -> &Self {
        let caller = Location::caller();
        let place = Place::new(caller.file(), caller.line());
        self.list_functions();
        let home = Handle::try_current().ok();
        let mut entries = self.0.entries.write().unwrap_or_else(PoisonError::into_inner);
        parts.into_iter().for_each(|part| push(&mut entries, part, place, home.clone()));
        self
    }

    /// Takes away the check of that name. Whether there was one.
    pub fn remove(&self, name: &str) -> bool {
        let mut entries = self.0.entries.write().unwrap_or_else(PoisonError::into_inner);
        let before = entries.len();
        entries.retain(|entry| entry.name != name);
        entries.len() < before
    }

    /// The names of its checks, in the order in which they were added.
    pub fn names(&self) -> Vec<String> {
        self.entries().iter().map(|entry| entry.name.clone()).collect()
    }

    pub(super) fn entries(&self) -> Vec<Arc<Entry>> {
        self.list_functions();
        self.0.entries.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn list_functions(&self) {
        if !self.0.of_program {
            return;
        }
        self.0.listed.call_once(|| {
            let mut sites: Vec<&CheckSite> = CHECKS.iter().collect();
            sites.sort_by_key(|site| (site.file(), site.line()));
            let mut entries = self.0.entries.write().unwrap_or_else(PoisonError::into_inner);
            for site in sites {
                let part = part::function(site.name().to_owned(), site.options(), site.call());
                push(&mut entries, part, Place::new(site.file(), site.line()), None);
            }
        });
    }

    /// All checks have been added: from now on the program may be ready. A server of probes says so when it starts.
    ///
    /// Called inside a tokio runtime, it also [watches](Self::watch) that.
    pub fn installed(&self) {
        if let Ok(handle) = Handle::try_current() {
            self.watch(&handle);
        }
        self.0.is_installed.store(true, Ordering::Release);
    }

    /// Watches whether the runtime moves: one that has not for a second is degraded, and unhealthy after ten, for every
    /// probe. Functions with `#[health_check]` use its timers and sockets. It takes the place of the one watched before.
    pub fn watch(&self, runtime: &Handle) {
        *self.0.home.lock().unwrap_or_else(PoisonError::into_inner) = Some(runtime.clone());
        let heartbeat = Heartbeat::start(runtime.clone());
        *self.0.heartbeat.lock().unwrap_or_else(PoisonError::into_inner) = Some(heartbeat);
    }

    pub(super) fn home(&self) -> Option<Handle> {
        self.0.home.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn heartbeat(&self) -> Option<Arc<Heartbeat>> {
        let heartbeat = self.0.heartbeat.lock().unwrap_or_else(PoisonError::into_inner).clone();
        heartbeat.filter(|heartbeat| !heartbeat.is_gone())
    }

    /// Turns readiness off until what it gives is dropped.
    pub fn not_ready(&self, reason: impl Into<Cow<'static, str>>) -> NotReady {
        let reason = reason.into();
        tracing::info!(target: "mainstay", %reason, "readiness is off");
        self.0.gate.close(reason)
    }
}

/// Under its name, or, where that is taken, under its name with a number.
fn push(entries: &mut Vec<Arc<Entry>>, part: Part, place: Place, home: Option<Handle>) {
    let taken = |name: &str| entries.iter().find(|entry| entry.name == name);
    let first = taken(&part.name).map(|entry| entry.place);
    let numbered = (2..).map(|number: u32| format!("{}#{number}", part.name));
    let mut names = std::iter::once(part.name.clone()).chain(numbered);
    let name = names.find(|name| taken(name).is_none()).unwrap_or_default();
    if let Some(first) = first {
        tracing::warn!(
            target: "mainstay", check = %part.name, shown = %name, %place, %first,
            "two health checks have one name: rename one"
        );
    }
    entries.push(Arc::new(Entry::new(part, name, place, home)));
}

impl fmt::Debug for HealthChecker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HealthChecker")
            .field("service", &self.service())
            .field("checks", &self.names())
            .finish_non_exhaustive()
    }
}
