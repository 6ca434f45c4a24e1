//! Which keys leave as others come.

use super::{
    buckets::{Buckets, Inner},
    rule::Spent,
    slot::{Held, Slots, WAITED},
    table::Standing,
};
use crate::{clock::Instant, sync::Ordering};

const SWEPT_PER_KEY: usize = 2;
const SAMPLE: usize = 8;
/// How many places the cursor looks at for one that is taken.
const LOOKED: usize = if cfg!(mainstay_loom) { 4 } else { 64 };

/// A key that may leave.
struct Candidate {
    place: usize,
    hash: u64,
    held: Held,
    standing: Standing,
}

impl Buckets {
    /// Lets idle keys go as the cursor comes by, and others only where the room is needed.
    pub(super) fn make_room(&self, inner: &mut Inner, slots: &Slots, now: Instant) {
        for _ in 0..SWEPT_PER_KEY {
            if let Some(candidate) = self.next(inner, slots, now)
                && candidate.standing == Standing::Idle
            {
                inner.let_go(slots, &candidate);
            }
        }
        // Twice, so that what keys with waiters have taken beyond the limit is given back.
        for _ in 0..SWEPT_PER_KEY {
            if inner.keys < self.max.load(Ordering::Relaxed) as usize {
                return;
            }
            let mut victim: Option<Candidate> = None;
            for _ in 0..SAMPLE {
                let Some(candidate) = self.next(inner, slots, now) else { break };
                let idle = candidate.standing == Standing::Idle;
                if candidate.standing > victim.as_ref().map_or(Standing::Held, |victim| victim.standing) {
                    victim = Some(candidate);
                }
                if idle {
                    break;
                }
            }
            if let Some(victim) = victim {
                inner.let_go(slots, &victim);
            }
        }
    }

    /// The next key that the cursor comes by.
    fn next(&self, inner: &mut Inner, slots: &Slots, now: Instant) -> Option<Candidate> {
        for _ in 0..LOOKED {
            inner.cursor = (inner.cursor + 1) % slots.len();
            let place = inner.cursor;
            let Some(slot) = slots.at(place) else { continue };
            let Some(hash) = slot.key() else { continue };
            let held = slot.look();
            let standing = self.standing(inner, hash, held, now);
            return Some(Candidate { place, hash, held, standing });
        }
        None
    }

    fn standing(&self, inner: &mut Inner, hash: u64, held: Held, now: Instant) -> Standing {
        let rule = self.rule_of(held);
        let spent = Spent { mark: held.mark(), previous: 0, current: 0 };
        if held.flags() & WAITED != 0 && inner.queue_of(hash).is_some() {
            Standing::Held
        } else if rule.is_idle(spent, now) {
            Standing::Idle
        } else {
            Standing::Spent(rule.available(spent, now))
        }
    }
}

impl Inner {
    fn let_go(&mut self, slots: &Slots, candidate: &Candidate) {
        // Who has taken from it meanwhile uses it.
        if slots.free(candidate.place, candidate.hash, Some(candidate.held)) {
            self.forget(candidate.hash);
        }
    }
}
