use super::{Deadline, End, Timeout, config::Terms};
use crate::{
    Error,
    clock::{self, Delay, Instant, coarse_sleep_until, sleep, sleep_until},
    deadline::Time,
    registry::Slot,
};

/// What can end a future's time.
pub trait Limit: Copy {
    /// What the future keeps of it.
    type Known: Copy;

    /// What it adds to the deadline of all inside.
    #[doc(hidden)]
    fn time(self, known: Self::Known) -> Time;
    /// What is known once its time has begun, at `at` if it has not begun before.
    fn begun(self, known: Self::Known, at: Instant) -> Self::Known;
    /// The wait for its end. Its time begins now, if it has not begun before.
    fn delay(self, known: &mut Self::Known) -> Delay;
    /// The wait for the deadline around, if it ends sooner than was known.
    fn hurry(self, known: &mut Self::Known) -> Option<Delay>;
    /// Says that the time is over.
    fn pass(self, known: Self::Known) -> Error;
    /// Says that it was over before the call was begun.
    fn refuse(self) -> Error;
}

fn wait_until(end: Instant, exact: bool) -> Delay {
    if exact { sleep_until(end) } else { coarse_sleep_until(end) }
}

impl Limit for &Deadline<'_> {
    type Known = ();

    #[inline]
    fn time(self, (): ()) -> Time {
        self.time()
    }

    fn begun(self, (): (), at: Instant) {
        self.begin(at);
    }

    fn delay(self, (): &mut ()) -> Delay {
        self.instant().map_or(Delay::UNSET, |end| wait_until(end, self.is_exact()))
    }

    fn hurry(self, (): &mut ()) -> Option<Delay> {
        self.hurry().map(coarse_sleep_until)
    }

    fn pass(self, (): ()) -> Error {
        Deadline::pass(self)
    }

    fn refuse(self) -> Error {
        Deadline::refuse(self)
    }
}

/// Of a limit that keeps nothing of one call.
#[inline]
fn time(nanos: u64, known: End) -> Time {
    match known.instant() {
        Some(end) => Time::until(end),
        None => Time::Unbegun(nanos),
    }
}

#[cold]
fn begun(terms: Terms, known: End, at: Instant) -> End {
    if known == End::UNKNOWN && !terms.are_none() { End::of(at, terms.nanos) } else { known }
}

fn delay(terms: Terms, known: &mut End) -> Delay {
    if *known != End::UNKNOWN {
        return known.instant().map_or(Delay::UNSET, |end| wait_until(end, terms.exact));
    }
    if terms.are_none() {
        return Delay::UNSET;
    }
    *known = End::of(clock::now(), terms.nanos);
    match known.instant() {
        // It need not be told the time, which it reads itself.
        _ if terms.exact && !known.is_of_deadline_around() => sleep(terms.limit()),
        Some(end) => wait_until(end, terms.exact),
        None => Delay::UNSET,
    }
}

fn hurry(known: &mut End) -> Option<Delay> {
    *known = End::sooner_around(known.instant()?)?;
    known.instant().map(coarse_sleep_until)
}

fn pass(timeout: &Timeout, terms: Terms, known: End) -> Error {
    match known.is_of_deadline_around() {
        true => timeout.deadline_exceeded(),
        false => timeout.timed_out_after(terms.limit()),
    }
}

macro_rules! limits {
    ($($limit:ty, |$this:ident| $nanos:expr, $terms:expr, $found:expr;)*) => {$(
        impl Limit for $limit {
            type Known = End;

            #[inline]
            fn time(self, known: End) -> Time {
                let $this = self;
                time($nanos, known)
            }

            fn begun(self, known: End, at: Instant) -> End {
                let $this = self;
                begun($terms, known, at)
            }

            fn delay(self, known: &mut End) -> Delay {
                let $this = self;
                // The first call of all that waits makes the annotated functions known.
                let _ = $found;
                delay($terms, known)
            }

            fn hurry(self, known: &mut End) -> Option<Delay> {
                hurry(known)
            }

            fn pass(self, known: End) -> Error {
                let $this = self;
                pass($found, $terms, known)
            }

            fn refuse(self) -> Error {
                let $this = self;
                $found.deadline_exceeded()
            }
        }
    )*};
}

limits! {
    &Timeout, |this| this.terms().nanos, this.terms(), this;
    &'static Slot<Timeout>, |this| nanos_of(this), terms_of(this), this.get();
}

/// The same without the rest, which no call needs before it has to wait.
#[inline]
fn nanos_of(slot: &'static Slot<Timeout>) -> u64 {
    slot.found().unwrap_or(slot.own()).nanos_for(slot.own().code_terms().nanos)
}

/// The limit written on the function counts, whoever shares its name, unless another was set from outside.
fn terms_of(slot: &'static Slot<Timeout>) -> Terms {
    let policy = slot.found().unwrap_or(slot.own());
    policy.terms_over(slot.own().code_terms())
}
