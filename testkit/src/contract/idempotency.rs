mod many;

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use mainstay_runtime::{
    idempotent::{Claim, IdempotencyStore, Reserved, Token},
    store::Fingerprint,
};

/// Lets time pass for the store: moves a manual clock, or sleeps where the clock is a server's.
pub type Passing = Box<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

const LONG: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(80);

/// What [`IdempotencyStore`] promises, as a suite.
///
/// ```
/// use std::{sync::Arc, time::Duration};
/// use mainstay_runtime::{clock::ManualClock, idempotent::MemoryStore};
/// use mainstay_testkit::contract::IdempotencyStoreContract;
/// # use mainstay_runtime::store::{Codec, CodecError, Decode, Encode, Fingerprint};
/// # struct Text;
/// # impl Codec for Text { const NAME: &'static str = "text"; }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let store = Arc::new(MemoryStore::<Text>::new(1000));
/// let pass = |time| Box::pin(tokio::time::advance(time)) as _;
/// IdempotencyStoreContract::new(store, Box::new(pass)).check().await;
/// # }
/// ```
pub struct IdempotencyStoreContract<S> {
    store: Arc<S>,
    pass: Passing,
    run: u64,
}

impl<S: IdempotencyStore> IdempotencyStoreContract<S> {
    /// The suite for `store`. `pass` lets time pass for it.
    pub fn new(store: Arc<S>, pass: Passing) -> Self {
        use std::hash::{BuildHasher, RandomState};
        Self { store, pass, run: RandomState::new().hash_one(0) }
    }

    /// Checks every rule.
    ///
    /// # Panics
    /// A rule is broken; the message is the rule.
    pub async fn check(&self) {
        self.ping().await;
        self.claiming().await;
        self.completing().await;
        self.releasing().await;
        self.leases_and_takeover().await;
        self.tokens_rise().await;
        self.expiry().await;
        self.fingerprints().await;
        self.records_of_any_bytes().await;
        self.keys_of_any_text().await;
        self.one_of_many_claims().await;
        self.being_told_of_changes().await;
    }

    fn key(&self, name: &str) -> String {
        format!("contract-{:016x}-{name}", self.run)
    }

    async fn reserve_with(&self, key: &str, print: Option<Fingerprint>, lease: Duration) -> Reserved {
        let claim = Claim { key, fingerprint: print, lease, ttl: LONG };
        self.store.reserve(claim).await.unwrap_or_else(|error| panic!("reserve: {error}"))
    }

    async fn reserve(&self, key: &str, lease: Duration) -> Reserved {
        self.reserve_with(key, None, lease).await
    }

    async fn claim(&self, key: &str, lease: Duration) -> Token {
        match self.reserve(key, lease).await {
            Reserved::Claimed { token, .. } => token,
            other => panic!("a key that is free is claimed, and not {other:?}"),
        }
    }

    async fn complete(&self, key: &str, token: Token, record: &[u8], ttl: Duration) -> bool {
        let completed = self.store.complete(key, token, record, ttl).await;
        completed.unwrap_or_else(|error| panic!("complete: {error}"))
    }

    async fn release(&self, key: &str, token: Token) -> bool {
        self.store.release(key, token).await.unwrap_or_else(|error| panic!("release: {error}"))
    }

    async fn renew(&self, key: &str, token: Token, lease: Duration) -> bool {
        self.store.renew(key, token, lease).await.unwrap_or_else(|error| panic!("renew: {error}"))
    }

    /// Lets time pass until `done` says so of what the store answers to another claim. However slow the machine, this ends.
    async fn until(&self, key: &str, lease: Duration, done: impl Fn(&Reserved) -> bool) -> Reserved {
        loop {
            (self.pass)(SHORT).await;
            let reserved = self.reserve(key, lease).await;
            if done(&reserved) {
                return reserved;
            }
        }
    }

    async fn ping(&self) {
        self.store.ping().await.unwrap_or_else(|error| panic!("a store that works can be pinged: {error}"));
        assert!(!self.store.describe().is_empty(), "a store says what it is");
    }

    async fn claiming(&self) {
        let key = self.key("claiming");
        let first = self.reserve(&key, LONG).await;
        let Reserved::Claimed { token, took_over: false } = first else {
            panic!("the first call claims, and takes nothing over: {first:?}")
        };
        match self.reserve(&key, LONG).await {
            Reserved::InFlight { token: theirs, lease_left } => {
                assert_eq!(theirs, token, "a call in flight is told by its token");
                assert!(
                    lease_left <= LONG && lease_left > LONG / 2,
                    "what is left of the lease is told: {lease_left:?}"
                );
            }
            other => panic!("a claimed key is in flight: {other:?}"),
        }
        let other = self.key("claiming-other");
        assert_ne!(self.claim(&other, LONG).await, token, "two claims have two tokens");
    }

    async fn completing(&self) {
        let key = self.key("completing");
        let token = self.claim(&key, LONG).await;
        assert!(
            !self.complete(&key, Token(token.0 + 1), b"forged", LONG).await,
            "a token that was never given completes nothing"
        );
        assert!(self.complete(&key, token, b"done", LONG).await, "the owner completes");
        assert!(self.complete(&key, token, b"done", LONG).await, "the owner may say it twice");
        assert_eq!(
            self.reserve(&key, LONG).await,
            Reserved::Completed { record: b"done".to_vec() },
            "the record comes back as it was written"
        );
        assert!(!self.renew(&key, token, LONG).await, "what is completed has no lease");
        assert!(!self.release(&key, token).await, "what is completed is not given back");
        assert_eq!(
            self.reserve(&key, LONG).await,
            Reserved::Completed { record: b"done".to_vec() },
            "a completed record stays what it is"
        );
        let unknown = self.key("completing-unknown");
        assert!(
            !self.complete(&unknown, token, b"x", LONG).await,
            "nothing is completed that was not claimed"
        );
        assert!(
            matches!(self.reserve(&unknown, LONG).await, Reserved::Claimed { .. }),
            "and nothing is kept of it"
        );
    }

    async fn releasing(&self) {
        let key = self.key("releasing");
        let first = self.claim(&key, LONG).await;
        assert!(
            !self.release(&key, Token(first.0 + 1)).await,
            "a token that was never given releases nothing"
        );
        assert!(self.release(&key, first).await, "the owner gives the key back");
        assert!(!self.release(&key, first).await, "once");
        let reserved = self.reserve(&key, LONG).await;
        let Reserved::Claimed { token, took_over: false } = reserved else {
            panic!("a key given back is as if it had never been claimed: {reserved:?}")
        };
        assert!(!self.complete(&key, first, b"late", LONG).await, "who gave the key back completes nothing");
        assert!(!self.renew(&key, first, LONG).await, "and renews nothing");
        assert!(self.complete(&key, token, b"second", LONG).await, "the owner after it does");
    }

    async fn leases_and_takeover(&self) {
        let key = self.key("leases");
        let first = self.claim(&key, SHORT).await;
        let reserved = self.until(&key, LONG, |reserved| matches!(reserved, Reserved::Claimed { .. })).await;
        let Reserved::Claimed { token: second, took_over } = reserved else { unreachable!() };
        assert!(took_over, "who claims after a lease has run out is told that it takes over");
        assert!(second > first, "the token of who takes over is greater");
        assert!(!self.renew(&key, first, LONG).await, "a lost lease is not renewed");
        assert!(!self.complete(&key, first, b"late", LONG).await, "a late owner completes nothing");
        assert!(!self.release(&key, first).await, "a late owner releases nothing");
        assert!(self.renew(&key, second, LONG).await, "the current owner renews");
        assert!(self.complete(&key, second, b"second", LONG).await, "the current owner completes");
        assert_eq!(
            self.reserve(&key, LONG).await,
            Reserved::Completed { record: b"second".to_vec() },
            "the record is the current owner's"
        );

        let key = self.key("leases-renewed");
        let token = self.claim(&key, SHORT).await;
        if self.renew(&key, token, LONG).await {
            (self.pass)(2 * SHORT).await;
            assert!(
                matches!(self.reserve(&key, LONG).await, Reserved::InFlight { .. }),
                "a renewed lease holds beyond the first one's end"
            );
        }

        let key = self.key("leases-late");
        let token = self.claim(&key, Duration::from_millis(1)).await;
        (self.pass)(SHORT).await;
        assert!(
            self.complete(&key, token, b"late", LONG).await,
            "a lease that ran out is no obstacle as long as nobody took over"
        );
    }

    async fn tokens_rise(&self) {
        let key = self.key("tokens");
        let mut last = Token(0);
        for round in 0..5 {
            let token = self.claim(&key, LONG).await;
            assert!(token > last, "tokens rise, also after a release (round {round})");
            last = token;
            assert!(self.release(&key, token).await, "the owner gives the key back");
        }
    }

    async fn expiry(&self) {
        let key = self.key("expiry");
        let first = self.claim(&key, LONG).await;
        assert!(self.complete(&key, first, b"short", SHORT).await, "the owner completes");
        let reserved =
            self.until(&key, LONG, |reserved| !matches!(reserved, Reserved::Completed { .. })).await;
        let Reserved::Claimed { token, took_over: false } = reserved else {
            panic!("after its time a record is gone, as if the key had never been used: {reserved:?}")
        };
        assert!(token > first, "tokens rise, also after a record has expired");
        assert!(!self.complete(&key, first, b"late", LONG).await, "the owner before completes nothing");

        let key = self.key("expiry-long");
        let token = self.claim(&key, SHORT).await;
        assert!(self.complete(&key, token, b"long", LONG).await, "the owner completes");
        (self.pass)(2 * SHORT).await;
        assert!(
            matches!(self.reserve(&key, LONG).await, Reserved::Completed { .. }),
            "a record is kept for its time, whatever the lease was"
        );
    }

    async fn fingerprints(&self) {
        let (one, two) = (Some(Fingerprint([1; 32])), Some(Fingerprint([2; 32])));
        let key = self.key("fingerprints");
        let Reserved::Claimed { token, .. } = self.reserve_with(&key, one, LONG).await else {
            panic!("a key that is free is claimed with a fingerprint")
        };
        assert_eq!(
            self.reserve_with(&key, two, LONG).await,
            Reserved::KeyReused,
            "another payload under a key in flight is told"
        );
        assert!(
            matches!(self.reserve_with(&key, one, LONG).await, Reserved::InFlight { .. }),
            "the same payload under a key in flight is in flight"
        );
        assert!(
            matches!(self.reserve(&key, LONG).await, Reserved::InFlight { .. }),
            "who brings no fingerprint compares none"
        );
        assert!(self.complete(&key, token, b"done", LONG).await, "the owner completes");
        assert_eq!(
            self.reserve_with(&key, two, LONG).await,
            Reserved::KeyReused,
            "another payload under a completed key is told"
        );
        for print in [one, None] {
            assert_eq!(
                self.reserve_with(&key, print, LONG).await,
                Reserved::Completed { record: b"done".to_vec() },
                "the same payload, or none, gets the record"
            );
        }

        let key = self.key("fingerprints-crashed");
        assert!(matches!(self.reserve_with(&key, one, SHORT).await, Reserved::Claimed { .. }));
        (self.pass)(2 * SHORT).await;
        assert_eq!(
            self.reserve_with(&key, two, LONG).await,
            Reserved::KeyReused,
            "another payload takes nothing over"
        );
        let key = self.key("fingerprints-none");
        assert!(matches!(self.reserve(&key, LONG).await, Reserved::Claimed { .. }));
        assert!(
            matches!(self.reserve_with(&key, two, LONG).await, Reserved::InFlight { .. }),
            "a record without a fingerprint is compared with none"
        );
        let key = self.key("fingerprints-released");
        let Reserved::Claimed { token, .. } = self.reserve_with(&key, one, LONG).await else {
            unreachable!()
        };
        assert!(self.release(&key, token).await);
        assert!(
            matches!(self.reserve_with(&key, two, LONG).await, Reserved::Claimed { .. }),
            "a key given back forgets its payload"
        );
    }
}
