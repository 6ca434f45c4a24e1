use super::{
    amount::Amount,
    cells::Cells,
    meter::{self, CLOSED, Meter, Turn, UNUSED, Verdict},
    rule::{Attempt, Rule, Spent},
};
use crate::{
    clock::Instant,
    sync::{AtomicU64, Ordering, fence},
};

/// A token bucket in one word.
///
/// The word is the mark (see [`Meter`]) and, in its lowest bits, a number that every change of the rate raises. That
/// number selects one of two meters, so a request that read one meter can only write while that one is in force.
///
/// A bucket can be closed, where something else counts: then there is nothing to be taken, and nothing to be waited for.
#[derive(Debug)]
pub(super) struct Bucket {
    word: AtomicU64,
    meters: [Cells; 2],
}

const EPOCH_BITS: u32 = 4;
const EPOCHS: u64 = (1 << EPOCH_BITS) - 1;

impl Bucket {
    pub(super) const fn new(meter: Meter) -> Self {
        Self::with_mark(meter, meter.new_mark())
    }

    pub(super) const fn closed(meter: Meter) -> Self {
        Self::with_mark(meter, CLOSED)
    }

    const fn with_mark(meter: Meter, mark: u64) -> Self {
        Self { word: AtomicU64::new(mark << EPOCH_BITS), meters: [Cells::new(meter), Cells::new(meter)] }
    }

    #[inline(always)]
    fn cells(&self, word: u64) -> &Cells {
        &self.meters[(word & 1) as usize]
    }

    #[inline]
    fn meter(&self, word: u64) -> Meter {
        self.cells(word).load()
    }

    #[inline]
    fn swap(&self, word: u64, mark: u64) -> Result<u64, u64> {
        let new = mark << EPOCH_BITS | word & EPOCHS;
        self.word.compare_exchange_weak(word, new, Ordering::AcqRel, Ordering::Acquire)
    }

    /// Takes `amount`, unless it is not there or `ahead` is wanted by others first. `None` from a closed bucket.
    #[inline]
    pub(super) fn take(&self, amount: Amount, ahead: u64, clock: impl Fn() -> Instant) -> Option<Attempt> {
        let plainly = if ahead == 0 { self.take_plainly(amount, &clock) } else { None };
        plainly.or_else(|| self.take_with_care(amount, ahead, Turn::Newcomer, clock))
    }

    /// Takes `amount` for the first in the queue, unless it is not there. `None` from a closed bucket.
    pub(super) fn take_as_head(&self, amount: Amount, clock: impl Fn() -> Instant) -> Option<Attempt> {
        self.take_with_care(amount, 0, Turn::HeadOfQueue, clock)
    }

    /// The same for one token if nobody waits and nothing is unusual; `None` leaves it to [`Bucket::take`]. Loads no
    /// more of the meter than it needs: besides reading the clock, loading is what costs here.
    #[inline(always)]
    pub(super) fn take_one_plainly(&self, clock: impl Fn() -> Instant) -> Option<Attempt> {
        let now = clock();
        let word = self.word.load(Ordering::Acquire);
        let cells = self.cells(word);
        let (cost, burst) = cells.per_token_and_burst();
        match meter::judge_plainly(word >> EPOCH_BITS, cost, burst, cells.tick(now))? {
            Verdict::Admit(mark) => self.swap(word, mark).ok().map(|_| Attempt::Taken),
            verdict => self.short(word, verdict, now),
        }
    }

    #[inline(always)]
    fn take_plainly(&self, amount: Amount, clock: impl Fn() -> Instant) -> Option<Attempt> {
        let word = self.word.load(Ordering::Acquire);
        let now = clock();
        let meter = self.meter(word);
        match meter.judge_plainly(word >> EPOCH_BITS, amount, now)? {
            Verdict::Admit(mark) => self.swap(word, mark).ok().map(|_| Attempt::Taken),
            verdict => self.short(word, verdict, now),
        }
    }

    /// A refusal, if the meter that says so was in force.
    #[inline(always)]
    fn short(&self, word: u64, verdict: Verdict, now: Instant) -> Option<Attempt> {
        let Verdict::Wait(tick) = verdict else { return None };
        let due = self.cells(word).instant(tick);
        (self.revalidate() & EPOCHS == word & EPOCHS).then_some(Attempt::Short { due, now })
    }

    /// The same, whoever waits and whatever happens meanwhile.
    #[cold]
    #[inline(never)]
    fn take_with_care(
        &self,
        amount: Amount,
        ahead: u64,
        turn: Turn,
        clock: impl Fn() -> Instant,
    ) -> Option<Attempt> {
        let mut word = self.word.load(Ordering::Acquire);
        let mut now = clock();
        // Whether the clock was read after the word: only then does a mark too far ahead mean that time went back.
        let mut now_is_later = true;
        loop {
            let meter = self.meter(word);
            let (mark, tick) = (word >> EPOCH_BITS, meter.tick(now));
            if mark == CLOSED {
                return None;
            }
            let cost = meter.cost(amount);
            if mark == UNUSED && cost <= meter.burst {
                word = self.swap(word, meter.anchored(tick)).map_or_else(|word| word, |_| self.reload());
                now_is_later = false;
                continue;
            }
            let ahead = if ahead == 0 { 0 } else { meter.parts_of(ahead) };
            let verdict =
                if cost > meter.burst { None } else { Some(meter.judge(mark, cost, ahead, tick, turn)) };
            match verdict {
                Some(Verdict::Admit(mark)) => match self.swap(word, mark) {
                    Ok(_) => return Some(Attempt::Taken),
                    Err(changed) => {
                        word = changed;
                        now_is_later = false;
                    }
                },
                Some(Verdict::Backwards) if now_is_later => {
                    word = self.swap(word, meter.new_mark()).map_or_else(|word| word, |_| self.reload());
                    now_is_later = false;
                }
                Some(Verdict::Backwards) => {
                    now = clock();
                    now_is_later = true;
                }
                refused => {
                    let current = self.revalidate();
                    if current & EPOCHS != word & EPOCHS {
                        word = current;
                        now_is_later = false;
                        continue;
                    }
                    return Some(match refused {
                        Some(Verdict::Wait(tick)) => Attempt::Short { due: meter.instant(tick), now },
                        _ => Attempt::TooMuch { burst: meter.tokens(meter.burst) },
                    });
                }
            }
        }
    }

    fn reload(&self) -> u64 {
        self.word.load(Ordering::Acquire)
    }

    /// The word again, read for certain after the meter.
    #[inline]
    fn revalidate(&self) -> u64 {
        fence(Ordering::Acquire);
        self.reload()
    }

    /// The tokens that are there; `None` of a closed bucket. Looking at a bucket does not start it.
    pub(super) fn available(&self, now: Instant) -> Option<f64> {
        loop {
            let word = self.reload();
            if word >> EPOCH_BITS == CLOSED {
                return None;
            }
            let meter = self.meter(word);
            let left = meter.left(word >> EPOCH_BITS, meter.tick(now));
            if self.revalidate() & EPOCHS == word & EPOCHS {
                return Some(meter.tokens(left));
            }
        }
    }

    /// Whether the bucket is full; `None` of a closed one.
    pub(super) fn is_unspent(&self, now: Instant) -> Option<bool> {
        let word = self.reload();
        let mark = word >> EPOCH_BITS;
        (mark != CLOSED).then(|| mark != UNUSED && self.meter(word).tick(now) >= mark)
    }

    /// Puts the bucket back to how it started, unless it is closed.
    pub(super) fn reset(&self) {
        let mut word = self.reload();
        while word >> EPOCH_BITS != CLOSED
            && let Err(changed) = self.swap(word, self.meter(word).new_mark())
        {
            word = changed;
        }
    }

    /// Follows another meter from now on and keeps the tokens that are there, as far as they fit. Callers take turns.
    pub(super) fn change(&self, new: Meter, now: Instant) {
        self.go_by(new, |old, mark| new.converted(old, mark, now));
    }

    /// Opens a closed bucket, with that mark. Callers take turns.
    pub(super) fn open(&self, new: Meter, mark: u64) {
        self.go_by(new, |_, _| mark);
    }

    /// Closes an open bucket, and says by which rule how much is spent. Callers take turns.
    pub(super) fn close(&self) -> (Rule, Spent) {
        let mut word = self.reload();
        while let Err(changed) = self.swap(word, CLOSED) {
            word = changed;
        }
        (Rule::Bucket(self.meter(word)), Spent { mark: word >> EPOCH_BITS, previous: 0, current: 0 })
    }

    fn go_by(&self, new: Meter, convert: impl Fn(&Meter, u64) -> u64) {
        let mut word = self.reload();
        // Readers of this cell hold a word from before the last change and fail at the word: whoever sees any of what is
        // stored here sees that change too.
        fence(Ordering::Release);
        self.meters[((word + 1) & 1) as usize].store(new);
        loop {
            let mark = convert(&self.meter(word), word >> EPOCH_BITS);
            let epoch = (word & EPOCHS).wrapping_add(1) & EPOCHS;
            let changed = mark << EPOCH_BITS | epoch;
            match self.word.compare_exchange(word, changed, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return,
                Err(current) => word = current,
            }
        }
    }
}
