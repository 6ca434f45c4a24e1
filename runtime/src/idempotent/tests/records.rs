//! The records beside a plain model of them, through random steps. `MAINSTAY_STEPS` says how many.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Wake, Waker},
    time::Duration,
};

use super::{
    super::{
        Token,
        records::{Found, Place, Records, Wanted},
    },
    plain::Plain,
};
use crate::{clock::Instant, store::Fingerprint};

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

struct Waiter {
    key: String,
    token: Token,
    waker: Waker,
    woken: Arc<Woken>,
}

/// Records from their making to their end.
struct Life {
    records: Records<u64>,
    plain: Plain,
    now: Instant,
    max_entries: u32,
    keys: u32,
    may_evict: bool,
    /// Whether records are in one part, so that it is known which of them goes where all is full.
    is_whole: bool,
    /// Claims that somebody may still come back to, ended ones too.
    claims: Vec<(String, Token)>,
    waiters: Vec<Waiter>,
    last: Token,
    values: u64,
}

fn seconds(random: &mut fastrand::Rng, most: u64) -> Duration {
    Duration::from_secs(random.u64(1..=most))
}

impl Life {
    fn new(random: &mut fastrand::Rng, max_entries: u32, keys: u32) -> Self {
        Self {
            records: Records::new(max_entries),
            plain: Plain::default(),
            now: Instant::START,
            max_entries,
            keys,
            may_evict: random.bool(),
            is_whole: max_entries < 1024,
            claims: Vec::new(),
            waiters: Vec::new(),
            last: Token(0),
            values: 0,
        }
    }

    fn place(&self, key: &str, token: Token) -> Place {
        self.records.place_of(key, token)
    }

    fn knows(&self, key: &str) -> bool {
        let hash = self.records.hash(key);
        self.records.shard(hash).knows(hash, key)
    }

    fn step(&mut self, random: &mut fastrand::Rng) {
        match random.u8(0..100) {
            0..40 => self.claim(random),
            40..58 => self.complete(random),
            58..66 => self.release(random),
            66..74 => self.renew(random),
            74..86 => self.wait(random),
            86..90 => self.stop_waiting(random),
            90..99 => self.now = self.now + Duration::from_secs(random.u64(0..4)),
            _ if random.u8(0..10) == 0 => self.reset(),
            _ => self.now = self.now + seconds(random, 40),
        }
    }

    fn claim(&mut self, random: &mut fastrand::Rng) {
        let key = format!("key {}", random.u32(..self.keys));
        let fingerprint = (random.u8(..3) == 0).then(|| Fingerprint([random.u8(..2); 32]));
        // One that ends with its owner, as every claim without a store.
        let lease = if random.u8(..4) == 0 { Duration::MAX } else { seconds(random, 6) };
        let (ttl, may_evict) = (seconds(random, 20), self.may_evict && random.u8(..4) > 0);
        let wanted = Wanted { key: &key, fingerprint, lease, ttl, may_evict };
        let (expected, live) = (self.plain.meets(&wanted, self.now), self.plain.live(self.now).count());
        let is_known = self.plain.live(self.now).any(|(known, _)| *known == key);
        let first_to_end = self.plain.first_to_end();
        let hash = self.records.hash(&key);
        let found = self.records.claim(hash, &wanted, self.now, |value| *value);
        let is_full = live == self.max_entries as usize && !is_known;
        match (found, expected) {
            (Found::Completed(value), Some(Found::Completed(expected))) => assert_eq!(value, expected),
            (Found::KeyReused, Some(Found::KeyReused)) => {}
            (
                Found::InFlight { place, lease_ends },
                Some(Found::InFlight { place: expected, lease_ends: ends }),
            ) => {
                assert_eq!((place.token, lease_ends), (expected.token, ends));
            }
            (Found::Full, None) => {
                assert!(is_full, "{live} records are not full");
                assert!(!may_evict || first_to_end.is_empty(), "one of {first_to_end:?} could go");
            }
            (Found::Claimed { place, took_over }, None) => {
                assert!(place.token > self.last, "tokens rise");
                self.last = place.token;
                if is_full {
                    assert!(may_evict, "full, and nothing may go");
                    self.evicted(&first_to_end);
                }
                assert_eq!(took_over, self.plain.claim(&wanted, place.token, self.now));
                self.claims.push((key, place.token));
            }
            (found, expected) => panic!("{found:?}, and it should be {expected:?}"),
        }
    }

    /// One record made room, and no other than it should.
    fn evicted(&mut self, first_to_end: &[String]) {
        let live = self.plain.live(self.now);
        let gone: Vec<_> = live.map(|(key, _)| key.clone()).filter(|key| !self.knows(key)).collect();
        let [gone] = &gone[..] else { panic!("{gone:?} made room for one") };
        assert!(!self.plain.records[gone].is_running(), "a call that runs has lost its key");
        assert!(
            !self.is_whole || first_to_end.contains(gone),
            "{gone} went, and not one of {first_to_end:?}"
        );
        self.plain.records.remove(gone);
    }

    fn some_claim(&mut self, random: &mut fastrand::Rng) -> Option<(String, Token)> {
        if self.claims.is_empty() {
            return None;
        }
        let index = random.usize(..self.claims.len());
        // Some come back a second time.
        let keeps = random.u8(..4) == 0;
        let claim = if keeps { self.claims[index].clone() } else { self.claims.swap_remove(index) };
        if !self.knows(&claim.0) {
            self.plain.forget(self.now, |key| *key == claim.0);
        }
        Some(claim)
    }

    fn complete(&mut self, random: &mut fastrand::Rng) {
        let Some((key, token)) = self.some_claim(random) else { return };
        let expires = self.now + seconds(random, 15);
        self.values += 1;
        let completed = self.records.complete(self.place(&key, token), self.values, expires);
        assert_eq!(completed, self.plain.complete(&key, token, self.values, expires));
    }

    fn release(&mut self, random: &mut fastrand::Rng) {
        let Some((key, token)) = self.some_claim(random) else { return };
        assert_eq!(self.records.release(self.place(&key, token)), self.plain.release(&key, token));
    }

    fn renew(&mut self, random: &mut fastrand::Rng) {
        let Some((key, token)) = self.some_claim(random) else { return };
        let until = self.now + seconds(random, 6);
        let renewed = self.records.renew(self.place(&key, token), until);
        assert_eq!(renewed, self.plain.renew(&key, token, until));
        self.claims.push((key, token));
    }

    fn wait(&mut self, random: &mut fastrand::Rng) {
        let Some((key, token)) = self.some_claim(random) else { return };
        let woken = Arc::new(Woken(false.into()));
        let waker = Waker::from(Arc::clone(&woken));
        let waits = self.records.wait(self.place(&key, token), &waker);
        assert_eq!(waits, self.runs(&key, token));
        if waits {
            self.waiters.push(Waiter { key: key.clone(), token, waker, woken });
        }
        self.claims.push((key, token));
    }

    fn stop_waiting(&mut self, random: &mut fastrand::Rng) {
        if !self.waiters.is_empty() {
            let waiter = self.waiters.swap_remove(random.usize(..self.waiters.len()));
            self.records.forget(self.place(&waiter.key, waiter.token), &waiter.waker);
            drop(waiter.waker);
            assert_eq!(Arc::strong_count(&waiter.woken), 1, "a waker is left behind");
        }
    }

    fn reset(&mut self) {
        self.records.remove_completed();
        self.plain.records.retain(|_, record| record.is_running());
    }

    fn runs(&self, key: &str, token: Token) -> bool {
        self.plain.records.get(key).is_some_and(|record| record.token == token && record.is_running())
    }

    /// Takes out of the model what has ended and was swept.
    fn notice(&mut self) {
        let (records, now) = (&self.records, self.now);
        self.plain.forget(now, |key| {
            let hash = records.hash(key);
            !records.shard(hash).knows(hash, key)
        });
    }

    fn agrees(&mut self) {
        self.notice();
        let lost: Vec<_> = self.plain.records.keys().filter(|key| !self.knows(key)).collect();
        assert!(lost.is_empty(), "{lost:?} went before their time");
        assert_eq!(self.records.len(), self.plain.records.len() as u64);
        assert!(self.records.len() <= self.max_entries.into());
        let waiters = std::mem::take(&mut self.waiters);
        self.waiters = waiters.into_iter().filter(|waiter| self.still_waits(waiter)).collect();
    }

    fn still_waits(&self, waiter: &Waiter) -> bool {
        let Waiter { key, token, woken, .. } = waiter;
        let runs = self.runs(key, *token);
        assert_eq!(woken.0.load(Ordering::Relaxed), !runs, "who waits for {key} as {token:?} is woken");
        runs
    }
}

fn live(random: &mut fastrand::Rng, mut life: Life, steps: usize, between: usize) {
    for step in 0..steps {
        life.step(random);
        if step % between == 0 {
            life.agrees();
        }
    }
}

#[test]
fn records_do_in_any_order_of_steps_what_their_model_does() {
    const LIFE: usize = 1000;
    crate::histories::run(400_000, |seed| {
        let mut random = fastrand::Rng::with_seed(seed);
        let max_entries = random.u32(1..12);
        let keys = max_entries + random.u32(0..6);
        let life = Life::new(&mut random, max_entries, keys);
        live(&mut random, life, LIFE, 1);
        LIFE as u64
    });
}

#[test]
fn records_in_parts_do_what_their_model_does() {
    const LIFE: usize = 20_000;
    crate::histories::run(400_000, |seed| {
        let mut random = fastrand::Rng::with_seed(seed);
        let life = Life::new(&mut random, 1024, 1100);
        live(&mut random, life, LIFE, 100);
        // A step among so many records takes as long as ten among few.
        10 * LIFE as u64
    });
}

#[test]
fn a_call_that_is_renewed_for_days_takes_no_more_room_than_another() {
    let records = Records::<u64>::new(100);
    let (hash, day, mut now) = (records.hash("k"), Duration::from_secs(86_400), Instant::START);
    let lease = Duration::from_secs(30);
    let wanted = Wanted { key: "k", fingerprint: None, lease, ttl: day, may_evict: false };
    let Found::Claimed { place, .. } = records.claim(hash, &wanted, now, |value| *value) else {
        panic!("the key is new")
    };
    for other in 0..10 {
        let other = format!("other {other}");
        let wanted = Wanted { key: &other, ..wanted };
        let Found::Claimed { place, .. } = records.claim(records.hash(&other), &wanted, now, |value| *value)
        else {
            panic!("the key is new")
        };
        assert!(records.complete(place, 1, now + day));
    }
    for _ in 0..10_000 {
        now = now + lease / 3;
        assert!(records.renew(place, now + lease));
    }
    assert!(records.shard(hash).ends() < 100, "{}", records.shard(hash).ends());
    // The ends that count are among those that are left.
    let after = now + lease + day;
    for next in 0..50 {
        let next = format!("next {next}");
        let wanted = Wanted { key: &next, ..wanted };
        records.claim(records.hash(&next), &wanted, after, |value| *value);
    }
    assert_eq!(records.len(), 50);
}

#[test]
fn calls_that_fail_again_and_again_leave_nothing_behind() {
    let records = Records::<u64>::new(100);
    let (hash, day) = (records.hash("k"), Duration::from_secs(86_400));
    let wanted = Wanted { key: "k", fingerprint: None, lease: day, ttl: day, may_evict: false };
    for _ in 0..10_000 {
        let Found::Claimed { place, .. } = records.claim(hash, &wanted, Instant::START, |value| *value)
        else {
            panic!("the key was given back")
        };
        assert!(records.release(place));
    }
    assert!(records.shard(hash).ends() < 100, "{}", records.shard(hash).ends());
    assert_eq!(records.len(), 0);
}
