use super::meter::{self, Meter};
use crate::{
    clock::Instant,
    sync::{AtomicU64, Ordering},
};

/// A meter that may be overwritten while it is read; the reader then must not use it: see
/// [`Bucket`](super::bucket::Bucket) and [`Buckets`](super::buckets::Buckets). On a line of the cache of its
/// own: who reads it does not wait for those who write the word.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Cells([AtomicU64; 6]);

impl Cells {
    pub(super) const fn new(meter: Meter) -> Self {
        Self([
            AtomicU64::new(meter.per_token),
            AtomicU64::new(meter.burst),
            AtomicU64::new(meter.initial),
            AtomicU64::new(meter.gain),
            AtomicU64::new(meter.period),
            AtomicU64::new(meter.reciprocal),
        ])
    }

    #[inline]
    pub(super) fn load(&self) -> Meter {
        let [per_token, burst, initial, gain, period, reciprocal] = &self.0;
        Meter {
            per_token: per_token.load(Ordering::Relaxed),
            burst: burst.load(Ordering::Relaxed),
            initial: initial.load(Ordering::Relaxed),
            gain: gain.load(Ordering::Relaxed),
            period: period.load(Ordering::Relaxed),
            reciprocal: reciprocal.load(Ordering::Relaxed),
        }
    }

    /// What this meter's clock shows at `now`; see [`Meter::tick`].
    #[inline(always)]
    pub(super) fn tick(&self, now: Instant) -> u64 {
        let [.., gain, period, reciprocal] = &self.0;
        match reciprocal.load(Ordering::Relaxed) {
            0 => now.as_nanos(),
            reciprocal => {
                meter::scaled(now, gain.load(Ordering::Relaxed), period.load(Ordering::Relaxed), reciprocal)
            }
        }
    }

    /// See [`Meter::instant`].
    #[inline(always)]
    pub(super) fn instant(&self, tick: u64) -> Instant {
        let [.., gain, period, _] = &self.0;
        meter::instant(tick, gain.load(Ordering::Relaxed), period.load(Ordering::Relaxed))
    }

    #[inline(always)]
    pub(super) fn per_token_and_burst(&self) -> (u64, u64) {
        let [per_token, burst, ..] = &self.0;
        (per_token.load(Ordering::Relaxed), burst.load(Ordering::Relaxed))
    }

    pub(super) fn store(&self, meter: Meter) {
        let Meter { per_token, burst, initial, gain, period, reciprocal } = meter;
        let values = [per_token, burst, initial, gain, period, reciprocal];
        for (cell, value) in self.0.iter().zip(values) {
            cell.store(value, Ordering::Relaxed);
        }
    }
}
