//! What a thread knows of the deadlines around the code that it runs at the moment.
//!
//! Whoever limits a future sets these words around each poll of it, and puts back what was there. So they hold for the poll and
//! not for the thread.

use std::cell::Cell;

use crate::clock::{self, Instant};

/// In nanoseconds, of instants and of limits: none.
pub(crate) const NEVER: u64 = u64::MAX;

struct Here {
    /// The first of all ends around that are known.
    known: Cell<u64>,
    /// The shortest limit around whose time has not begun.
    unbegun: Cell<u64>,
    /// When somebody asked for the end last, so that the time of the limits around began. It says something where
    /// [`unbegun`](Self::unbegun) is not what the limit around has set it to.
    asked: Cell<u64>,
    /// The first end at which nobody outside cuts this off.
    soft: Cell<u64>,
}

thread_local! {
    static HERE: Here = const {
        Here {
            known: Cell::new(NEVER),
            unbegun: Cell::new(NEVER),
            asked: Cell::new(0),
            soft: Cell::new(NEVER),
        }
    };
}

/// What a limit adds: when it ends, or how long it is if its time has not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// Nothing.
    None,
    /// So many nanoseconds from when somebody first asks; [`NEVER`] is nothing.
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

    pub(crate) fn is_none(self) -> bool {
        self.parts() == (NEVER, NEVER)
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

    /// Whether somebody has asked, so that the time of a limit began, since `unbegun` was set to this.
    #[inline]
    fn has_begun(&self, unbegun: u64) -> bool {
        self.unbegun.get() != unbegun
    }

    /// As it was, but for the limits around whose time began inside.
    fn put_back_begun(&self, around: Around) {
        if around.unbegun == NEVER {
            return self.set(around);
        }
        let asked = self.asked.get();
        let known = around.known.min(asked.saturating_add(around.unbegun));
        self.set(Around { known, unbegun: NEVER, asked });
    }
}

/// Inside of a limit, until this is dropped.
///
/// It is in the way of every call under a limit, so it writes one word where the limit's time has not begun, and sees by this
/// word whether it has begun meanwhile.
#[derive(Debug)]
pub(crate) struct Entered {
    around: Around,
    /// The shortest limit whose time has not begun, with this one.
    unbegun: u64,
}

impl Entered {
    #[inline]
    pub(crate) fn new(time: Time) -> Self {
        HERE.with(|here| {
            let around = here.around();
            let limit = match time {
                Time::Unbegun(limit) => limit,
                _ => {
                    let (end, limit) = time.parts();
                    here.known.set(around.known.min(end));
                    limit
                }
            };
            let unbegun = around.unbegun.min(limit);
            here.unbegun.set(unbegun);
            Self { around, unbegun }
        })
    }

    /// Whether the time of a deadline around this limit is running.
    #[inline]
    pub(crate) const fn is_around_running(&self) -> bool {
        self.around.known != NEVER
    }

    /// When the first of the deadlines around this limit ends that are running.
    #[inline]
    pub(crate) const fn end_around(&self) -> Instant {
        Instant::from_nanos(self.around.known)
    }

    /// When somebody inside asked for the end, if the time of this limit had not begun before.
    #[inline]
    pub(crate) fn asked(&self) -> Option<Instant> {
        HERE.with(|here| here.has_begun(self.unbegun).then(|| Instant::from_nanos(here.asked.get())))
    }
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        HERE.with(|here| match here.has_begun(self.unbegun) {
            true => put_back_begun(self.around.known, self.around.unbegun, self.around.asked),
            false => {
                here.known.set(self.around.known);
                here.unbegun.set(self.around.unbegun);
            }
        });
    }
}

/// By value: words that somebody is given the address of cannot stay in registers.
#[cold]
#[inline(never)]
fn put_back_begun(known: u64, unbegun: u64, asked: u64) {
    HERE.with(|here| here.put_back_begun(Around { known, unbegun, asked }));
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
                here.known.set(end);
                here.unbegun.set(NEVER);
                here.soft.set(end);
            } else {
                here.known.set(around.known.min(end));
                here.soft.set(soft.min(end));
            }
            Carried(Some(Left { around, soft, unbegun: here.unbegun.get() }))
        })
    }
}

/// Inside of a scope, until this is dropped.
#[derive(Debug)]
pub(crate) struct Carried(Option<Left>);

/// What a scope has left, and the shortest limit in it whose time has not begun.
#[derive(Debug, Clone, Copy)]
struct Left {
    around: Around,
    soft: u64,
    unbegun: u64,
}

impl Drop for Carried {
    #[inline]
    fn drop(&mut self) {
        if let Some(left) = self.0 {
            HERE.with(|here| {
                match here.has_begun(left.unbegun) {
                    true => here.put_back_begun(left.around),
                    false => here.set(left.around),
                }
                here.soft.set(left.soft);
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
    let now = clock::now().as_nanos().max(1);
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
