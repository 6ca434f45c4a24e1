use std::{
    fmt,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{Chaos, Fate};

pub(super) type Director = Arc<dyn Fn() -> Option<Fate> + Send + Sync>;

impl Chaos {
    /// Lets `director` decide about calls until what this gives is dropped, whether it is switched on or not. It is asked
    /// for each call, on the thread that makes it and under no lock; of calls about which it says nothing (`None`) the
    /// next one is asked, and then the rates.
    ///
    /// It is for tests: `mainstay::testing` steers calls by it.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU32, Ordering};
    /// use mainstay_runtime::{Error, chaos::{Chaos, Fate}};
    ///
    /// let chaos = Chaos::builder().build("payments")?;
    /// let calls = AtomicU32::new(0);
    /// let directing = chaos.direct(move || (calls.fetch_add(1, Ordering::Relaxed) == 0).then(Fate::fail));
    /// assert!(chaos.call(|| Ok::<_, Error>(())).is_err());
    /// assert!(chaos.call(|| Ok::<_, Error>(())).is_ok());
    /// drop(directing);
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    pub fn direct(&self, director: impl Fn() -> Option<Fate> + Send + Sync + 'static) -> Directing<'_> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        self.directors().write().unwrap_or_else(PoisonError::into_inner).push((id, Arc::new(director)));
        self.follow();
        Directing { chaos: self, id }
    }

    pub(super) fn directed(&self) -> Option<Fate> {
        let directors: Vec<Director> = {
            let directors = self.directors().read().unwrap_or_else(PoisonError::into_inner);
            directors.iter().map(|(_, director)| Arc::clone(director)).collect()
        };
        directors.iter().find_map(|director| director())
    }
}

/// A director at work; dropping it ends that.
#[must_use = "it decides until this is dropped"]
pub struct Directing<'c> {
    chaos: &'c Chaos,
    id: u64,
}

impl Drop for Directing<'_> {
    fn drop(&mut self) {
        let gone: Vec<_> = {
            let mut directors = self.chaos.directors().write().unwrap_or_else(PoisonError::into_inner);
            directors.extract_if(.., |(id, _)| *id == self.id).collect()
        };
        self.chaos.follow();
        drop(gone);
    }
}

impl fmt::Debug for Directing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Directing").field("chaos", &self.chaos.name()).finish()
    }
}
