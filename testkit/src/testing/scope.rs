use std::{
    cell::RefCell,
    collections::BTreeMap,
    fmt,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use mainstay_runtime::{
    chaos::Directing,
    clock::ManualClock,
    observe::{Subscription, listen},
    registry::policies,
};

use super::{
    Assert, Carried, Story, Time,
    current::{self, Entered},
    faults::Plans,
    forced, names,
    seen::Seen,
    story::Book,
    time::Hurried,
};
use crate::step::stop;

/// Takes something back.
pub(super) type Undo = Box<dyn FnOnce()>;

/// A test's own view of the policies, until it is dropped.
///
/// - **Time** costs nothing: whatever a policy waits, it waits on a clock that jumps. [`Time`] says which.
/// - **Faults** are injected by name: [`chaos`](Self::chaos) says what becomes of the next calls.
/// - **States** are forced by name: [`open_breaker`](Self::open_breaker), [`fill_bulkhead`](Self::fill_bulkhead),
///   [`empty_rate_limit`](Self::empty_rate_limit), [`close_throttle`](Self::close_throttle), [`set`](Self::set). All of it is undone at the end.
/// - **What happened** is told: [`counts`](Self::counts), [`story`](Self::story), [`assert`](Self::assert).
///
/// What is *seen and injected* is the scope's alone: that of the thread that began it, of the futures and closures that it
/// [carries](Self::carry), and so of all tasks of a `#[tokio::test]`, which runs on its test's thread. Tests side by side do
/// not disturb each other by that.
///
/// *States* are the program's: a name is one policy, whoever asks. What forces one therefore [`hold`](Self::hold)s the name: it
/// waits until no other scope has it, resets its policies, and has them for itself until the end. Tests that depend on the
/// state of a name without forcing it hold it too; tests without a scope are not kept out.
///
/// ```
/// use mainstay_runtime::{Error, chaos::Chaos, circuit_breaker::{CircuitBreaker, State}};
/// use mainstay_testkit::testing;
///
/// let breaker = CircuitBreaker::builder().failure_threshold(3).register("docs.bank")?;
/// let chaos = Chaos::builder().register("docs.bank")?;
/// let pay = || breaker.call(|| chaos.call(|| Ok::<_, Error>("paid")));
///
/// let scope = testing::scope_of(["docs.bank"]);
/// scope.chaos("docs.bank").fail(3);
/// assert!((0..3).all(|_| pay().is_err()));
/// assert_eq!(breaker.state(), State::Open);
/// scope.assert("docs.bank").attempts(3).opened_once();
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[must_use = "the scope ends when this is dropped"]
pub struct Scope {
    pub(super) id: u64,
    pub(super) book: Book,
    pub(super) plans: Plans,
    pub(super) seen: RefCell<Seen>,
    /// What is to be undone, and whose it is.
    pub(super) undo: RefCell<Vec<(String, Undo)>>,
    pub(super) watching: RefCell<BTreeMap<String, Directing<'static>>>,
    held: RefCell<Vec<String>>,
    listening: Option<Subscription>,
    entered: Option<Entered>,
    pub(super) hurried: Hurried,
}

/// Begins a scope on this thread.
///
/// In a `#[tokio::test]` it pauses the runtime's clock, if that is not paused already; elsewhere it installs a
/// [`ManualClock`](mainstay_runtime::clock::ManualClock) that moves by itself.
pub fn scope() -> Scope {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let hurried = Hurried::start();
    let (book, plans) = (Book::new(), Plans::new(hurried.time));
    let watching = policies().all_chaos().into_iter();
    let watching = watching.map(|chaos| (chaos.name().to_owned(), plans.watch(chaos, id))).collect();
    let listening = listen({
        let book = book.clone();
        move |event| {
            if current::is_in(id) && !current::is_muted() {
                book.write(event);
            }
        }
    });
    Scope {
        id,
        book,
        plans,
        seen: RefCell::new(Seen::now()),
        undo: RefCell::default(),
        watching: RefCell::new(watching),
        held: RefCell::default(),
        listening: Some(listening),
        entered: Some(Entered::new(id)),
        hurried,
    }
}

/// Begins a scope that has the policies of these names for itself. See [`Scope::hold`].
///
/// # Panics
/// Where the names cannot be had: see [`Scope::hold`].
#[track_caller]
pub fn scope_of<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Scope {
    let mut names: Vec<String> = names.into_iter().map(Into::into).collect();
    // In one order for all scopes, so that no two wait for each other.
    names.sort();
    let scope = scope();
    for name in names {
        scope.hold(&name);
    }
    scope
}

impl Scope {
    /// What makes its time.
    pub fn time(&self) -> Time {
        self.hurried.time
    }

    /// How long it has been going on, on the policies' clock.
    pub fn elapsed(&self) -> Duration {
        self.book.elapsed()
    }

    /// Waits until no other scope has the policies of that name, of whatever kind, for itself; resets them; and has them until
    /// this ends, when they are reset again. Several names are best taken at the start, by [`scope_of`].
    ///
    /// # Panics
    /// Where it would wait for ever: another scope of this thread has the name, or two scopes each want what the other has.
    #[track_caller]
    pub fn hold(&self, name: &str) {
        match names::take(self.id, name) {
            Ok(false) => {}
            Ok(true) => {
                self.held.borrow_mut().push(name.to_owned());
                current::muted(|| forced::reset(name));
                self.seen.borrow_mut().begin_again(name);
            }
            Err(problem) => stop(&problem),
        }
    }

    /// What happened so far.
    pub fn story(&self) -> Story {
        self.book.read()
    }

    /// Forgets what happened and what was counted so far. What is forced and planned stays.
    pub fn forget(&self) {
        self.book.clear();
        self.plans.clear_counts();
        *self.seen.borrow_mut() = Seen::now();
    }

    /// Says what should have happened under that name, and panics with the whole story where it did not.
    pub fn assert<'s>(&'s self, name: &'s str) -> Assert<'s> {
        Assert::new(self, name)
    }

    /// A future that is in this scope, whoever polls it: for tasks of a runtime of several threads.
    pub fn carry<F: Future>(&self, future: F) -> Carried<F> {
        Carried::new(self.id, self.hurried.clock().cloned(), future)
    }

    /// A closure that runs in this scope, and on its time, on whatever thread.
    ///
    /// ```
    /// use std::time::{Duration, Instant};
    /// use mainstay_runtime::clock;
    /// use mainstay_testkit::testing;
    ///
    /// let (scope, start) = (testing::scope(), Instant::now());
    /// let thread = std::thread::spawn(scope.carry_thread(|| clock::sleep_blocking(Duration::from_secs(60))));
    /// scope.away(|| thread.join()).unwrap();
    /// assert_eq!(scope.elapsed(), Duration::from_secs(60));
    /// assert!(start.elapsed() < Duration::from_secs(60));
    /// ```
    pub fn carry_thread<T, F: FnOnce() -> T>(&self, operation: F) -> impl FnOnce() -> T + use<T, F> {
        let (id, clock) = (self.id, self.hurried.clock().cloned());
        // From now on, so that threads that are started one after the other begin at one time.
        let expected = clock.as_ref().map(ManualClock::expect_thread);
        move || {
            let _inside = Entered::new(id);
            let _installed = clock.as_ref().map(ManualClock::install);
            drop(expected);
            operation()
        }
    }

    /// Runs `operation`, in which this thread waits for other threads of the scope: its time goes on without this one.
    pub fn away<T>(&self, operation: impl FnOnce() -> T) -> T {
        match self.hurried.clock() {
            Some(clock) => clock.away(operation),
            None => operation(),
        }
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        self.listening = None;
        current::muted(|| {
            for (_, undo) in self.undo.take().into_iter().rev() {
                undo();
            }
            self.watching.take();
            self.held.take().iter().for_each(|name| forced::reset(name));
        });
        self.entered = None;
        names::give_back(self.id);
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope")
            .field("time", &self.time())
            .field("story", &self.story())
            .finish_non_exhaustive()
    }
}
