use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::{
    Changed, Known, OverridesError, Problem, Report, Said, Source, Steered, known::Target,
    settings::Settings, steered::Prepared,
};

/// Where what is set is kept, and given to policies: to those that are there when it is loaded, and to each that comes
/// later. The program has one; tests have their own.
pub(super) struct Desk {
    /// What finds the policies of this program, without the names announced.
    find: fn() -> Known,
    /// Held while policies are changed, so that one load is done before the next begins. Never held while anything is
    /// reported.
    loading: Mutex<Option<Loaded>>,
    /// What is in force. Held for as long as it takes to copy the reference.
    in_force: RwLock<Option<Arc<Settings>>>,
    /// What came of policies that were registered since, and is to be reported.
    unreported: Mutex<Vec<Adopted>>,
}

/// The sources in use.
struct Loaded {
    sources: Arc<[Box<dyn Source>]>,
    later: Vec<String>,
    /// What they said when they were last asked, be it that they could not.
    said: Said,
}

enum Adopted {
    Changed(Changed),
    Refused(Problem),
}

impl Desk {
    pub(super) const fn new(find: fn() -> Known) -> Self {
        Self {
            find,
            loading: Mutex::new(None),
            in_force: RwLock::new(None),
            unreported: Mutex::new(Vec::new()),
        }
    }

    /// Reads the sources, checks all they say, and puts it in force.
    pub(super) fn load(
        &self,
        sources: Arc<[Box<dyn Source>]>,
        later: Vec<String>,
    ) -> Result<Report, OverridesError> {
        let mut loaded = self.lock();
        let known = self.known(&later);
        let said = ask(&sources, &known);
        let report = self.put_in_force(known, said.clone())?;
        *loaded = Some(Loaded { sources, later, said });
        drop(loaded);
        Ok(self.tell(report))
    }

    /// The same with the sources of the last load.
    pub(super) fn reload(&self) -> Result<Report, OverridesError> {
        self.again(|_, _| true).unwrap_or_else(|| {
            let problem =
                Problem::new("reload", "", "nothing is loaded that could be read again; load it first");
            Err(OverridesError::new(vec![problem]))
        })
    }

    /// The same if they say something else than when they were last asked. `None` if not.
    pub(super) fn reload_if_changed(&self) -> Option<Result<Report, OverridesError>> {
        self.again(|before, now| before != now)
    }

    fn again(&self, wanted: impl Fn(&Said, &Said) -> bool) -> Option<Result<Report, OverridesError>> {
        let mut guard = self.lock();
        let loaded = guard.as_mut()?;
        let known = self.known(&loaded.later);
        let said = ask(&loaded.sources, &known);
        if !wanted(&loaded.said, &said) {
            return None;
        }
        loaded.said = said.clone();
        let report = self.put_in_force(known, said);
        drop(guard);
        Some(report.map(|report| self.tell(report)))
    }

    /// Checks what the sources say as a whole, then sets it: all of it or nothing.
    fn put_in_force(&self, known: Known, said: Said) -> Result<Report, OverridesError> {
        let Said { entries, mut problems } = said;
        let settings = Settings::gather(entries, &known, &mut problems);
        let mut prepared = Vec::new();
        for Target { name, policy } in &known.targets {
            match policy.prepare(name, &settings) {
                Ok(change) => prepared.extend(change),
                // What is said of a kind is the same mistake for each of its policies.
                Err(found) => {
                    for problem in found {
                        if !problems.contains(&problem) {
                            problems.push(problem);
                        }
                    }
                }
            }
        }
        if !problems.is_empty() {
            return Err(OverridesError::new(problems));
        }
        let count = settings.len();
        // From here on those that are registered take the new settings themselves; none is missed, as one that took the
        // old ones looks again.
        *self.in_force.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(settings));
        let changes = prepared.into_iter().flat_map(Prepared::apply).collect();
        self.catch_up(&known);
        Ok(Report { changes, settings: count })
    }

    /// Gives the settings to those that were registered while they were checked.
    fn catch_up(&self, known: &Known) {
        let is_known = |target: &Target| {
            known.targets.iter().any(|known| known.policy.address() == target.policy.address())
        };
        for Target { name, policy } in (self.find)().targets.into_iter().filter(|target| !is_known(target)) {
            self.adopt(&name, policy);
        }
    }

    /// Gives a policy that was just registered what is in force. Reports nothing: it may be called under locks.
    pub(super) fn adopt(&self, name: &str, policy: &'static dyn Steered) {
        let mut before = None;
        loop {
            let settings = self.in_force();
            if same(&before, &settings) {
                return;
            }
            if let Some(settings) = &settings {
                let adopted: Vec<_> = match policy.prepare(name, settings) {
                    Ok(change) => {
                        change.into_iter().flat_map(Prepared::apply).map(Adopted::Changed).collect()
                    }
                    Err(problems) => problems.into_iter().map(Adopted::Refused).collect(),
                };
                self.unreported.lock().unwrap_or_else(PoisonError::into_inner).extend(adopted);
            }
            before = settings;
        }
    }

    /// Reports what came of the policies that were registered since.
    pub(super) fn report_adopted(&self) {
        let adopted = std::mem::take(&mut *self.unreported.lock().unwrap_or_else(PoisonError::into_inner));
        for one in adopted {
            match one {
                Adopted::Changed(change) => change.report(),
                Adopted::Refused(problem) => {
                    tracing::error!(target: "mainstay", "{problem}; what the code says is in force");
                }
            }
        }
    }

    pub(super) fn in_force(&self) -> Option<Arc<Settings>> {
        self.in_force.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn known(&self, later: &[String]) -> Known {
        let mut known = (self.find)();
        known.later.extend(later.iter().cloned());
        known
    }

    fn tell(&self, report: Report) -> Report {
        report.changes.iter().for_each(Changed::report);
        self.report_adopted();
        report
    }

    fn lock(&self) -> MutexGuard<'_, Option<Loaded>> {
        self.loading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn same(one: &Option<Arc<Settings>>, other: &Option<Arc<Settings>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    }
}

/// What all sources say, in their order.
fn ask(sources: &[Box<dyn Source>], known: &Known) -> Said {
    sources.iter().fold(Said::new(), |said, source| said.and(source.read(known)))
}
