use std::{
    fmt,
    sync::{Mutex, Once, PoisonError},
};

use super::Site;
use crate::registry::log_conflicts;

/// The sites themselves, put together by the linker: a list of references would be one more static to compile for
/// every annotated function.
#[doc(hidden)]
#[linkme::distributed_slice]
pub static SITES: [Site];

/// Sites that ran although the linker's list lacks them.
static UNLISTED: Mutex<Vec<&'static Site>> = Mutex::new(Vec::new());

/// Every annotated function of this program, with its file, line, stack and live state.
///
/// ```
/// for site in mainstay_runtime::catalog::catalog().sites() {
///     println!("{site}");
///     for layer in site.stack() {
///         println!("  {layer} {}", layer.state().unwrap_or_default());
///     }
/// }
/// ```
pub fn catalog() -> Catalog {
    register_all();
    let mut sites: Vec<_> = SITES.iter().collect();
    sites.extend(UNLISTED.lock().unwrap_or_else(PoisonError::into_inner).iter());
    sites.sort_by_key(|site| (site.file(), site.line(), site.path()));
    Catalog { sites }
}

/// See [`catalog`].
#[derive(Debug, Clone)]
pub struct Catalog {
    sites: Vec<&'static Site>,
}

impl Catalog {
    /// The sites, by file and line.
    pub fn sites(&self) -> &[&'static Site] {
        &self.sites
    }

    /// The sites of functions with that path, such as `my_service::payments::charge`.
    pub fn find(&self, path: &str) -> impl Iterator<Item = &'static Site> {
        self.sites.iter().copied().filter(move |site| site.path() == path)
    }

    /// How many sites there are.
    pub fn len(&self) -> usize {
        self.sites.len()
    }

    /// Whether nothing is annotated.
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty()
    }
}

impl fmt::Display for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for site in &self.sites {
            writeln!(f, "{site}")?;
            for layer in site.stack() {
                write!(f, "    {layer}")?;
                match layer.state() {
                    Some(state) => writeln!(f, "  {state}")?,
                    None => writeln!(f)?,
                }
            }
        }
        Ok(())
    }
}

/// Makes every listed policy known by its name, once; conflicts between them are reported.
pub(crate) fn register_all() {
    static STARTED: Once = Once::new();
    if STARTED.is_completed() {
        return;
    }
    STARTED.call_once(|| {
        let mut sites: Vec<_> = SITES.iter().collect();
        sites.sort_by_key(|site| (site.file(), site.line(), site.path()));
        // Written names first: no unnamed policy takes one away by having that path.
        for named in [true, false] {
            sites.iter().flat_map(|site| site.stack()).for_each(|layer| layer.register(named));
        }
    });
    log_conflicts();
}

/// What the first call of an annotated function does: registers all of them, and makes sure that the linker listed
/// this one.
#[cold]
pub(crate) fn start(site: &'static Site) {
    register_all();
    if SITES.iter().any(|listed| std::ptr::eq(listed, site)) {
        return;
    }
    let mut unlisted = UNLISTED.lock().unwrap_or_else(PoisonError::into_inner);
    if unlisted.iter().any(|known| std::ptr::eq(*known, site)) {
        return;
    }
    unlisted.push(site);
    drop(unlisted);
    tracing::warn!(target: "mainstay", %site, "the linker lost this site from the catalog; it is listed from its first call on");
    for named in [true, false] {
        site.stack().iter().for_each(|layer| layer.register(named));
    }
    log_conflicts();
}
