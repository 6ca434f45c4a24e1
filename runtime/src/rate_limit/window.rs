use super::rule::Spent;

/// A limit per window, fixed or sliding. Amounts are in millionths of a token, times in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) limit: u64,
    pub(super) period: u64,
    pub(super) sliding: bool,
}

/// The start of the windows of something that was not used yet.
pub(super) const UNUSED: u64 = u64::MAX;

/// How many windows ahead a queue is followed exactly.
const FORESIGHT: u32 = 64;

/// What a request finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// There is room; this is what is spent then.
    Admit(Spent),
    /// There will be room at this instant.
    Wait(u64),
    /// The window has not begun: time went backwards.
    Backwards,
}

impl Window {
    /// What is spent as seen from `now`; `None` if that lies before it.
    pub(super) fn seen_from(&self, spent: Spent, now: u64) -> Option<Spent> {
        if spent.mark == UNUSED {
            return Some(Spent { mark: now, previous: 0, current: 0 });
        }
        let passed = now.checked_sub(spent.mark)? / self.period;
        let mark = spent.mark.saturating_add(passed.saturating_mul(self.period));
        Some(match passed {
            0 => spent,
            1 if self.sliding => Spent { mark, previous: spent.current, current: 0 },
            _ => Spent { mark, previous: 0, current: 0 },
        })
    }

    /// What a request for `amount`, with `ahead` wanted before it, finds.
    pub(super) fn judge(&self, spent: Spent, amount: u64, ahead: u64, now: u64) -> Verdict {
        let Some(spent) = self.seen_from(spent, now) else { return Verdict::Backwards };
        if ahead > 0 {
            return Verdict::Wait(self.due_behind(spent, amount, ahead, now));
        }
        match self.due(spent, amount, now) {
            due if due > now => Verdict::Wait(due),
            _ => Verdict::Admit(Spent { current: spent.current + amount, ..spent }),
        }
    }

    /// The first instant with room for `amount`, which is at most the limit, if nobody else takes any.
    fn due(&self, spent: Spent, amount: u64, now: u64) -> u64 {
        let Spent { mark, previous, current } = spent;
        let next = mark.saturating_add(self.period);
        let due = match self.limit.checked_sub(current.saturating_add(amount)) {
            Some(room) => mark.saturating_add(self.faded(previous, room)),
            None if self.sliding => {
                next.saturating_add(self.faded(current, self.limit.saturating_sub(amount)))
            }
            None => next,
        };
        due.max(now)
    }

    /// How far into a window the weight of `previous` is down to `room`.
    fn faded(&self, previous: u64, room: u64) -> u64 {
        if previous <= room {
            return 0;
        }
        let share = u128::from(room) * u128::from(self.period) / u128::from(previous);
        self.period - u64::try_from(share).unwrap_or(u64::MAX).min(self.period)
    }

    /// The same behind a queue. Exact for the first few, and as long as all ask for as much as this request does: who
    /// does not fit into the rest of a window leaves it unused, so a queue of larger ones may need longer.
    fn due_behind(&self, mut spent: Spent, amount: u64, mut ahead: u64, mut now: u64) -> u64 {
        let each = if amount == 0 { self.limit } else { amount };
        for _ in 0..FORESIGHT {
            if ahead == 0 {
                return self.due(spent, amount, now);
            }
            let part = ahead.min(each);
            now = self.due(spent, part, now);
            spent = self.seen_from(spent, now).unwrap_or(spent);
            spent.current = spent.current.saturating_add(part);
            ahead -= part;
        }
        now.saturating_add((ahead / self.limit.max(1)).saturating_add(1).saturating_mul(self.period))
    }

    /// What can be had at once. `spent` is as seen from `now`.
    pub(super) fn room(&self, spent: Spent, now: u64) -> u64 {
        let rest = self.period - now.saturating_sub(spent.mark).min(self.period);
        let weight = (u128::from(spent.previous) * u128::from(rest)).div_ceil(u128::from(self.period));
        let weight = u64::try_from(weight).unwrap_or(u64::MAX);
        self.limit.saturating_sub(spent.current).saturating_sub(weight)
    }
}
