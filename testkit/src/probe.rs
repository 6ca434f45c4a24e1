use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Counts who goes into a piece of code, how many are inside at once, and how they leave. Clones count together.
///
/// ```
/// use mainstay_testkit::Probe;
///
/// let probe = Probe::new();
/// {
///     let first = probe.enter();
///     let _second = probe.enter();
///     first.finish();
/// } // the second leaves without having finished
/// assert_eq!((probe.entered(), probe.most_inside()), (2, 2));
/// assert_eq!((probe.finished(), probe.dropped(), probe.inside()), (1, 1, 0));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Probe {
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    entered: AtomicU64,
    inside: AtomicU64,
    most_inside: AtomicU64,
    finished: AtomicU64,
    dropped: AtomicU64,
}

impl Probe {
    /// One that has seen nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes in, until the guard is dropped.
    pub fn enter(&self) -> Inside {
        let counts = Arc::clone(&self.counts);
        let inside = counts.inside.fetch_add(1, Ordering::SeqCst) + 1;
        counts.most_inside.fetch_max(inside, Ordering::SeqCst);
        counts.entered.fetch_add(1, Ordering::SeqCst);
        Inside { counts, finished: false }
    }

    /// Is inside from the first poll of `future` until it is done or dropped.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let probe = mainstay_testkit::Probe::new();
    /// assert_eq!(probe.watch(async { 7 }).await, 7);
    /// assert_eq!(probe.finished(), 1);
    /// # }
    /// ```
    pub async fn watch<F: Future>(&self, future: F) -> F::Output {
        let inside = self.enter();
        let output = future.await;
        inside.finish();
        output
    }

    /// How many have gone in.
    pub fn entered(&self) -> u64 {
        self.counts.entered.load(Ordering::SeqCst)
    }

    /// How many have come out, whichever way.
    pub fn left(&self) -> u64 {
        self.finished() + self.dropped()
    }

    /// How many are inside now.
    pub fn inside(&self) -> u64 {
        self.counts.inside.load(Ordering::SeqCst)
    }

    /// The most that ever were inside at once.
    pub fn most_inside(&self) -> u64 {
        self.counts.most_inside.load(Ordering::SeqCst)
    }

    /// How many came out by [`Inside::finish`].
    pub fn finished(&self) -> u64 {
        self.counts.finished.load(Ordering::SeqCst)
    }

    /// How many came out without: by `?`, a panic, or because their future was dropped.
    pub fn dropped(&self) -> u64 {
        self.counts.dropped.load(Ordering::SeqCst)
    }
}

/// Somebody inside a [`Probe`]; dropping it leaves.
#[must_use = "one is inside until this is dropped"]
#[derive(Debug)]
pub struct Inside {
    counts: Arc<Counts>,
    finished: bool,
}

impl Inside {
    /// Leaves, having done what there was to do.
    pub fn finish(mut self) {
        self.finished = true;
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        let how = if self.finished { &self.counts.finished } else { &self.counts.dropped };
        how.fetch_add(1, Ordering::SeqCst);
        self.counts.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::pending,
        panic::{AssertUnwindSafe, catch_unwind},
        sync::Barrier,
    };

    use super::*;
    use crate::Stepper;

    #[test]
    fn threads_inside_at_once_are_counted() {
        let probe = Probe::new();
        let all_inside = Barrier::new(3);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let inside = probe.enter();
                    all_inside.wait();
                    inside.finish();
                });
            }
        });
        assert_eq!((probe.most_inside(), probe.inside(), probe.left()), (3, 0, 3));
    }

    #[test]
    fn a_dropped_future_leaves_unfinished() {
        let probe = Probe::new();
        let mut watched = Stepper::new(probe.watch(pending::<()>()));
        assert_eq!(probe.entered(), 0);
        assert!(watched.poll().is_pending());
        assert_eq!(probe.inside(), 1);
        drop(watched);
        assert_eq!((probe.inside(), probe.finished(), probe.dropped()), (0, 0, 1));
    }

    #[test]
    fn a_panic_leaves_unfinished() {
        let probe = Probe::new();
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _inside = probe.enter();
            panic!("boom");
        }));
        assert!(panicked.is_err());
        assert_eq!((probe.inside(), probe.dropped()), (0, 1));
    }
}
