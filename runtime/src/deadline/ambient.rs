//! What a thread knows of the deadlines around the code that it runs at the moment.
//!
//! Whoever limits a future sets these words around each poll of it, and puts back what was there. So they hold for the poll and
//! not for the thread.

use std::cell::Cell;

use crate::clock::{self, Instant};

/// In nanoseconds, of instants and of limits: none.
const NEVER: u64 = u64::MAX;
const NOBODY: u64 = 0;

struct Here {
    /// The first of all ends around that are known.
    known: Cell<u64>,
    /// The shortest limit around whose time has not begun.
    unbegun: Cell<u64>,
    /// When somebody asked for the end, so that the time of the limits around began; [`NOBODY`] if nobody did.
    asked: Cell<u64>,
    /// The first end at which nobody outside cuts this off.
    soft: Cell<u64>,
}

thread_local! {
    static HERE: Here = const {
        Here {
            known: Cell::new(NEVER),
            unbegun: Cell::new(NEVER),
            asked: Cell::new(NOBODY),
            soft: Cell::new(NEVER),
        }
    };
}

/// What a limit adds: when it ends, or how long it is if its time has not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// Nothing.
    None,
    /// So many nanoseconds from when somebody first asks.
    Unbegun(u64),
    /// Several limits: the first end that is known, and the shortest of those whose time has not begun.
    Mixed { end: u64, limit: u64 },
}

impl Time {
    #[inline]
    pub(crate) const fn until(end: Instant) -> Self {
        Self::Mixed { end: end.as_nanos(), limit: NEVER }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        let ((end, limit), (other_end, other_limit)) = (self.parts(), other.parts());
        Self::of(end.min(other_end), limit.min(other_limit))
    }

    const fn of(end: u64, limit: u64) -> Self {
        match (end, limit) {
            (NEVER, NEVER) => Self::None,
            (NEVER, limit) => Self::Unbegun(limit),
            (end, limit) => Self::Mixed { end, limit },
        }
    }

    const fn parts(self) -> (u64, u64) {
        match self {
            Self::None => (NEVER, NEVER),
            Self::Unbegun(limit) => (NEVER, limit),
            Self::Mixed { end, limit } => (end, limit),
        }
    }
}

/// The words as they were, to be put back.
#[derive(Debug, Clone, Copy)]
struct Around {
    known: u64,
    unbegun: u64,
    asked: u64,
}

impl Here {
    #[inline]
    fn around(&self) -> Around {
        Around { known: self.known.get(), unbegun: self.unbegun.get(), asked: self.asked.get() }
    }

    #[inline]
    fn set(&self, around: Around) {
        self.known.set(around.known);
        self.unbegun.set(around.unbegun);
        self.asked.set(around.asked);
    }

    /// As it was, but for the limits around whose time began inside.
    #[inline]
    fn put_back(&self, around: Around) {
        match self.asked.get() {
            NOBODY => self.set(around),
            asked => self.put_back_begun(around, asked),
        }
    }

    #[cold]
    fn put_back_begun(&self, around: Around, asked: u64) {
        if around.unbegun == NEVER {
            return self.set(around);
        }
        let known = around.known.min(asked.saturating_add(around.unbegun));
        self.set(Around { known, unbegun: NEVER, asked });
    }
}

/// Inside of a limit, until this is dropped.
#[derive(Debug)]
pub(crate) struct Entered(Around);

impl Entered {
    #[inline]
    pub(crate) fn new(time: Time) -> Self {
        HERE.with(|here| {
            let around = here.around();
            match time {
                // The usual case by itself: it is in the way of every call under a limit.
                Time::Unbegun(limit) => here.unbegun.set(around.unbegun.min(limit)),
                _ => {
                    let (end, limit) = time.parts();
                    here.known.set(around.known.min(end));
                    here.unbegun.set(around.unbegun.min(limit));
                }
            }
            here.asked.set(NOBODY);
            Self(around)
        })
    }

    /// Whether the time of a deadline around this limit is running.
    #[inline]
    pub(crate) const fn is_around_running(&self) -> bool {
        self.0.known != NEVER
    }

    /// When somebody inside asked for the end, if the time of this limit had not begun before.
    #[inline]
    pub(crate) fn asked(&self) -> Option<Instant> {
        match HERE.with(|here| here.asked.get()) {
            NOBODY => None,
            at => Some(Instant::from_nanos(at)),
        }
    }
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        HERE.with(|here| here.put_back(self.0));
    }
}

/// What becomes of the deadline where work goes on elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carry {
    /// That of the place where it goes on.
    Leave,
    /// That too, and this one.
    Within(Instant),
    /// This one alone, or none.
    Only(Option<Instant>),
}

impl Carry {
    #[inline]
    pub(crate) fn enter(self) -> Carried {
        let end = match self {
            Self::Leave => return Carried(None),
            Self::Within(end) | Self::Only(Some(end)) => end.as_nanos(),
            Self::Only(None) => NEVER,
        };
        HERE.with(|here| {
            let (around, soft) = (here.around(), here.soft.get());
            if matches!(self, Self::Only(_)) {
                here.set(Around { known: end, unbegun: NEVER, asked: NOBODY });
                here.soft.set(end);
            } else {
                here.set(Around { known: around.known.min(end), unbegun: around.unbegun, asked: NOBODY });
                here.soft.set(soft.min(end));
            }
            Carried(Some((around, soft)))
        })
    }
}

/// Inside of a scope, until this is dropped.
#[derive(Debug)]
pub(crate) struct Carried(Option<(Around, u64)>);

impl Drop for Carried {
    #[inline]
    fn drop(&mut self) {
        if let Some((around, soft)) = self.0 {
            HERE.with(|here| {
                here.put_back(around);
                here.soft.set(soft);
            });
        }
    }
}

fn some(nanos: u64) -> Option<Instant> {
    (nanos != NEVER).then(|| Instant::from_nanos(nanos))
}

/// When the first of the deadlines around ends. The time of those that nobody asked for begins with this.
#[inline]
pub(crate) fn end() -> Option<Instant> {
    HERE.with(|here| {
        if here.unbegun.get() != NEVER {
            begin(here);
        }
        some(here.known.get())
    })
}

#[cold]
fn begin(here: &Here) {
    let now = clock::now().as_nanos().max(NOBODY + 1);
    here.known.set(here.known.get().min(now.saturating_add(here.unbegun.get())));
    here.unbegun.set(NEVER);
    here.asked.set(now);
}

/// When the first ends that nobody outside cuts this off at: what waits must end by itself then.
#[inline]
pub(crate) fn soft_end() -> Option<Instant> {
    some(HERE.with(|here| here.soft.get()))
}

/// What a timer's time is rounded to. A client that stops at a deadline by a timer of its own may be told of it that much early.
const GRAIN: u64 = 1_000_000;

/// Whether a deadline that nobody outside enforces is over, or about to be: what ended now ended for want of time.
pub(crate) fn has_soft_ended() -> bool {
    match HERE.with(|here| here.soft.get()) {
        NEVER => false,
        soft => clock::now().as_nanos() >= soft.saturating_sub(GRAIN),
    }
}

/// Whether the time of a deadline around is running.
#[inline]
pub(crate) fn is_running() -> bool {
    HERE.with(|here| here.known.get() != NEVER)
}

/// Whether a deadline around has passed. The clock is read only where one is running.
#[inline]
pub(crate) fn has_ended() -> bool {
    is_running() && has_reached()
}

#[cold]
fn has_reached() -> bool {
    clock::now().as_nanos() >= HERE.with(|here| here.known.get())
}
