use std::{sync::OnceLock, time::Duration};

use super::{
    IdempotencyConfig, InFlight, OnDuplicate,
    keep::{Keep, Kept},
    local::{Begun, LocalClaim},
    memory::full,
    records::{Found, Place, Records, Wanted},
    waiting::Waiting,
};
use crate::{
    Error, Fallible, Name,
    clock::{self, Instant},
    deadline,
    observe::{Counter, Event, report, report_if_heard},
    overrides::Live,
    store::{Fingerprint, OnStoreError, StoreError},
};

/// Runs a call once per key, and gives those after it what it gave.
///
/// Without a store outside this process, keys live in its memory and end with it; with one ([`Keyed::in_store`](super::Keyed::in_store))
/// they survive it, and processes share them.
///
/// ```
/// use mainstay_runtime::{Error, idempotent::Idempotency};
///
/// let transfers = Idempotency::builder().build("transfers")?;
/// let mut runs = 0;
/// let mut transfer = || transfers.call("t-1", || { runs += 1; Ok::<_, Error>(format!("receipt {runs}")) });
/// assert_eq!(transfer(), Ok("receipt 1".to_owned()));
/// assert_eq!(transfer(), Ok("receipt 1".to_owned()));
/// assert_eq!((runs, transfers.replayed_count()), (1, 1));
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Idempotency {
    name: Name,
    pub(super) live: Live<IdempotencyConfig>,
    records: OnceLock<Records<Kept>>,
    pub(super) counts: Counts,
}

/// What happened to the calls.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) run: Counter,
    pub(super) replayed: Counter,
    pub(super) refused: Counter,
    pub(super) took_over: Counter,
    pub(super) late: Counter,
}

/// What a call under a key has to do next.
enum Next<'p, R> {
    Begun(Begun<LocalClaim<'p>, R>),
    /// Wait for that claim's end, or that of its lease, by the coarse clock.
    Wait(Place, Instant),
}

impl Idempotency {
    /// The configuration to start from.
    pub const fn builder() -> IdempotencyConfig {
        IdempotencyConfig::new()
    }

    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: IdempotencyConfig) -> Self {
        Self::new(Name::from_static(name), config)
    }

    pub(super) const fn new(name: Name, config: IdempotencyConfig) -> Self {
        let counts = Counts {
            run: Counter::new(),
            replayed: Counter::new(),
            refused: Counter::new(),
            took_over: Counter::new(),
            late: Counter::new(),
        };
        Self { name, live: Live::new(config), records: OnceLock::new(), counts }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// How many calls have run: the first ones of their keys.
    pub fn run_count(&self) -> u64 {
        self.counts.run.get()
    }

    /// How many calls got what an earlier one gave, or [`Error::Duplicate`].
    pub fn replayed_count(&self) -> u64 {
        self.counts.replayed.get()
    }

    /// How many calls were refused: in flight, key used again for another payload, or a store that is away.
    pub fn refused_count(&self) -> u64 {
        self.counts.refused.get()
    }

    /// How many calls have run in place of one whose lease ran out.
    pub fn took_over_count(&self) -> u64 {
        self.counts.took_over.get()
    }

    /// How many completions were refused because another call had taken over.
    pub fn late_count(&self) -> u64 {
        self.counts.late.get()
    }

    /// How many keys are kept in this process's memory.
    pub fn len(&self) -> u64 {
        self.records.get().map_or(0, Records::len)
    }

    /// Whether no key is kept in this process's memory.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets the completed keys in this process's memory. Those in flight stay, and so does what a store holds.
    pub fn reset(&self) {
        if let Some(records) = self.records.get() {
            records.remove_completed();
        }
    }

    pub(super) fn shared_name(&self) -> &Name {
        &self.name
    }

    /// The options in force. A call reads them once, and keeps to them to its end.
    #[inline]
    pub(super) fn config(&self) -> &IdempotencyConfig {
        self.live.get()
    }

    /// Follows what was just set. Surplus keys stay until their time is up.
    pub(super) fn follow(&self) {
        self.records().set_max_entries(self.config().max_entries);
    }

    #[inline]
    pub(super) fn records(&self) -> &Records<Kept> {
        self.records.get_or_init(|| Records::new(self.config().max_entries))
    }

    #[inline]
    pub(super) fn count_replay(&self, key: &str) {
        self.counts.replayed.increment();
        report_if_heard(|| Event::Replayed { policy: self.name(), key });
    }

    #[cold]
    pub(super) fn refuse(&self, error: Error) -> Error {
        self.counts.refused.increment();
        report(&Event::Refused { error: &error });
        error
    }

    /// Begins a call, parking this thread while another one runs under the key: to `deadline` or the deadline around at
    /// most.
    #[doc(hidden)]
    #[inline]
    pub fn begin_until<K: Keep<R>, R: Fallible>(
        &self,
        key: &str,
        fingerprint: Option<Fingerprint>,
        deadline: Option<Instant>,
    ) -> Begun<LocalClaim<'_>, R> {
        match self.next::<K, R>(key, fingerprint) {
            Next::Begun(begun) => begun,
            Next::Wait(place, lease_ends) => {
                self.begin_later::<K, R>(key, fingerprint, deadline, (place, lease_ends))
            }
        }
    }

    /// The same where it need not wait: `None` where another call runs.
    #[doc(hidden)]
    #[inline]
    pub fn begin_now<K: Keep<R>, R: Fallible>(
        &self,
        key: &str,
        fingerprint: Option<Fingerprint>,
    ) -> Option<Begun<LocalClaim<'_>, R>> {
        match self.next::<K, R>(key, fingerprint) {
            Next::Begun(begun) => Some(begun),
            Next::Wait(..) => None,
        }
    }

    #[cold]
    fn begin_later<K: Keep<R>, R: Fallible>(
        &self,
        key: &str,
        fingerprint: Option<Fingerprint>,
        deadline: Option<Instant>,
        mut running: (Place, Instant),
    ) -> Begun<LocalClaim<'_>, R> {
        let ends = Self::ends(self.config(), deadline::end_of_blocked(deadline));
        loop {
            let (place, lease_ends) = running;
            let until = match self.wait_until(key, ends, lease_ends) {
                Ok(until) => until,
                Err(begun) => return begun,
            };
            let limit = (until != Instant::NEVER).then_some(until);
            clock::block_on(Waiting::new(self.records(), place, Instant::NEVER), limit);
            match self.next::<K, R>(key, fingerprint) {
                Next::Begun(begun) => return begun,
                Next::Wait(place, lease_ends) => running = (place, lease_ends),
            }
        }
    }

    /// The same without parking the thread: to `deadline` at most, or to the one around that nobody enforces. Cancel-safe.
    #[doc(hidden)]
    #[inline]
    pub async fn begin_until_async<K: Keep<R>, R: Fallible>(
        &self,
        key: &str,
        fingerprint: Option<Fingerprint>,
        deadline: Option<Instant>,
    ) -> Begun<LocalClaim<'_>, R> {
        let (mut running, ends) = match self.next::<K, R>(key, fingerprint) {
            Next::Begun(begun) => return begun,
            Next::Wait(place, lease_ends) => {
                let deadline = deadline.or_else(deadline::unenforced);
                ((place, lease_ends), Self::ends(self.config(), deadline))
            }
        };
        loop {
            let (place, lease_ends) = running;
            let until = match self.wait_until(key, ends, lease_ends) {
                Ok(until) => until,
                Err(begun) => return begun,
            };
            Waiting::new(self.records(), place, until).await;
            match self.next::<K, R>(key, fingerprint) {
                Next::Begun(begun) => return begun,
                Next::Wait(place, lease_ends) => running = (place, lease_ends),
            }
        }
    }

    /// When a wait that begins now ends.
    pub(super) fn ends(config: &IdempotencyConfig, deadline: Option<Instant>) -> Ends {
        let own = match config.max_wait {
            Duration::MAX => Instant::NEVER,
            max_wait => clock::now() + max_wait,
        };
        Ends { own, deadline: deadline.unwrap_or(Instant::NEVER) }
    }

    /// How long this wait may take, or what a call gets that may wait no longer.
    fn wait_until<R>(
        &self,
        key: &str,
        ends: Ends,
        lease_ends: Instant,
    ) -> Result<Instant, Begun<LocalClaim<'_>, R>> {
        let now = clock::now();
        if now >= ends.deadline {
            return Err(Begun::Elapsed);
        }
        if now >= ends.own {
            return Err(Begun::Refused(self.in_flight(key, None)));
        }
        let lease_ends = match lease_ends {
            Instant::NEVER => Instant::NEVER,
            // It is by the coarse clock, which may be a tick behind.
            ends => now + ends.saturating_since(clock::coarse_now()).max(Duration::from_millis(1)),
        };
        Ok(ends.own.min(ends.deadline).min(lease_ends))
    }

    /// What a call gets whose time is over while it waits, where no time limit of its function says so.
    #[cold]
    pub(crate) fn out_of_time(&self, key: &str) -> Error {
        deadline::refused(&self.name).unwrap_or_else(|| self.in_flight(key, None))
    }

    pub(super) fn in_flight(&self, key: &str, retry_after: Option<Duration>) -> Error {
        self.refuse(Error::in_flight(self.name.clone(), key, retry_after))
    }

    /// A replay, if the key has completed: then nothing is allocated, and what the call gets goes through no other hands.
    #[inline]
    fn next<K: Keep<R>, R: Fallible>(&self, key: &str, fingerprint: Option<Fingerprint>) -> Next<'_, R> {
        let (records, config, now) = (self.records(), self.config(), clock::coarse_now());
        let may_evict = matches!(config.on_store_error, OnStoreError::Open);
        let wanted = Wanted { key, fingerprint, lease: Duration::MAX, ttl: Duration::ZERO, may_evict };
        let hash = records.hash(key);
        let shard = records.shard(hash);
        if K::IS_PLAIN && matches!(config.on_duplicate, OnDuplicate::Replay) {
            // A plain value is copied under the lock; what may be more than a copy is made when that is gone.
            if let Some(answer) = shard.completed(hash, &wanted, now, K::give) {
                drop(shard);
                self.count_replay(key);
                return Next::Begun(Begun::Answer(answer));
            }
        }
        let found = records.claim_in(shard, hash, &wanted, now, Kept::clone);
        self.next_of::<K, R>(key, found, config)
    }

    #[inline(never)]
    fn next_of<'p, K: Keep<R>, R: Fallible>(
        &'p self,
        key: &str,
        found: Found<Kept>,
        config: &'p IdempotencyConfig,
    ) -> Next<'p, R> {
        Next::Begun(match found {
            Found::Claimed { place, .. } => {
                self.counts.run.increment();
                Begun::Run(Some(LocalClaim::new(self, config, place)))
            }
            Found::InFlight { place, lease_ends } => match config.in_flight {
                InFlight::Wait => return Next::Wait(place, lease_ends),
                InFlight::Reject => {
                    let left = (lease_ends != Instant::NEVER)
                        .then(|| lease_ends.saturating_since(clock::coarse_now()));
                    Begun::Refused(self.in_flight(key, left))
                }
            },
            Found::Completed(kept) => self.answer::<K, R>(key, kept, config),
            Found::KeyReused => Begun::Refused(self.key_reused(key)),
            Found::Full => self.without_record(full("memory".to_owned(), config.max_entries)),
        })
    }

    fn answer<K: Keep<R>, R: Fallible>(
        &self,
        key: &str,
        kept: Kept,
        config: &IdempotencyConfig,
    ) -> Begun<LocalClaim<'_>, R> {
        match config.on_duplicate {
            OnDuplicate::Error => Begun::Refused(self.duplicate(key, K::stored(kept))),
            OnDuplicate::Replay => match K::give(&kept) {
                Some(answer) => {
                    self.count_replay(key);
                    Begun::Answer(answer)
                }
                // A function of another type shares the name, and its keys are others.
                None => Begun::Refused(self.key_reused(key)),
            },
        }
    }

    pub(super) fn duplicate(&self, key: &str, stored: crate::Stored) -> Error {
        self.counts.replayed.increment();
        let error = Error::duplicate(self.name.clone(), key, stored);
        report(&Event::Refused { error: &error });
        error
    }

    pub(super) fn key_reused(&self, key: &str) -> Error {
        self.refuse(Error::key_reused(self.name.clone(), key))
    }

    /// What a call gets whose key cannot be recorded.
    #[cold]
    fn without_record<R>(&self, error: StoreError) -> Begun<LocalClaim<'_>, R> {
        match self.store_failed(error) {
            Some(error) => Begun::Refused(error),
            None => Begun::Run(None),
        }
    }

    /// Reports that the store could not answer before anything ran: an error where calls are refused then.
    #[cold]
    pub(super) fn store_failed(&self, error: StoreError) -> Option<Error> {
        report(&Event::StoreFailed { policy: self.name(), error: &error });
        match self.config().on_store_error {
            OnStoreError::Closed => Some(self.refuse(Error::store(self.name.clone(), error))),
            OnStoreError::Open => {
                self.counts.run.increment();
                None
            }
        }
    }
}

/// When a wait ends, each at [`Instant::NEVER`] where there is no such end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    /// The policy's `max_wait` is up.
    pub(super) own: Instant,
    /// The caller has no more time.
    pub(super) deadline: Instant,
}
