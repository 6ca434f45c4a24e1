use std::time::Duration;

use crate::store::{BoxFuture, Codec, Fingerprint, Store, StoreError};

/// Where the records of idempotent calls are kept, so that they survive this process.
///
/// A record is *running* (claimed by one call, with a lease and a token) or *completed* (holding what the call gave). Each
/// method is one atomic step and one round trip. Clocks are the store's own: processes need not agree on the time.
///
/// The contract suite of `mainstay-testkit` tells whether an implementation keeps to all of this.
#[diagnostic::on_unimplemented(
    message = "`{Self}` keeps no records of idempotent calls",
    label = "expected a store that implements `IdempotencyStore`",
    note = "such stores are `MemoryStore` and those of `mainstay-postgres`, `mainstay-redis` and `mainstay-file`"
)]
pub trait IdempotencyStore: Store {
    /// How values become the store's bytes.
    type Codec: Codec;

    /// Claims the key, or tells what stands in the way.
    ///
    /// Where nothing is kept under the key, the caller owns it for `claim.lease`. So it does where the record is running and
    /// its lease has run out. Tokens rise: every claim of a key gets one greater than all claims of that key before it, also
    /// after the record was released or has expired.
    ///
    /// # Errors
    /// The store cannot answer; the key may or may not have been claimed, and its lease will tell.
    fn reserve<'a>(&'a self, claim: Claim<'a>) -> BoxFuture<'a, Result<Reserved, StoreError>>;

    /// Lets the lease begin anew. `false`: the token is not the current one, another call owns the key or nobody does.
    ///
    /// # Errors
    /// The store cannot answer.
    fn renew<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        lease: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Keeps what the call gave for `ttl`. `false` and nothing kept: the token is not the current one. A lease that has run
    /// out is no obstacle as long as nobody took over.
    ///
    /// Completing twice with one token gives `true` both times, so that it can be tried again.
    ///
    /// # Errors
    /// The store cannot answer.
    fn complete<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        record: &'a [u8],
        ttl: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Gives the key back, as if it had never been claimed. `false`: the token is not the current one.
    ///
    /// # Errors
    /// The store cannot answer.
    fn release<'a>(&'a self, key: &'a str, token: Token) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Waits until the record under the key may have changed, by a completion or a release in whatever process, and not
    /// longer than `at_most`. It may end early for no reason; the caller reserves again and sees.
    ///
    /// A store that is told of changes waits for that; one that is not told waits a little. Changes that happened after
    /// `seen` was reserved and before this is called must not be missed for longer than such a little wait.
    fn changed<'a>(&'a self, key: &'a str, seen: Token, at_most: Duration) -> BoxFuture<'a, ()>;
}

/// What a call asks for with [`IdempotencyStore::reserve`].
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The key.
    pub key: &'a str,
    /// The digest of the payload, where the caller compares payloads.
    pub fingerprint: Option<Fingerprint>,
    /// How long the claim holds if it is not renewed.
    pub lease: Duration,
    /// How long a running record is kept at least after its lease has run out: what tells a late owner from a current one.
    pub ttl: Duration,
}

/// What [`IdempotencyStore::reserve`] answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reserved {
    /// The key is the caller's, who runs now.
    Claimed {
        /// By which the store knows the caller from now on.
        token: Token,
        /// Whether a call before it let its lease run out: that one may have done its work, or a part of it.
        took_over: bool,
    },
    /// Another call owns the key.
    InFlight {
        /// That call's.
        token: Token,
        /// What is left of its lease.
        lease_left: Duration,
    },
    /// A call has completed.
    Completed {
        /// What it gave.
        record: Vec<u8>,
    },
    /// The key stands for another payload: both have a fingerprint, and they differ. This goes before everything else that
    /// could be said of a record.
    KeyReused,
}

/// A fencing token: claims of one key have rising ones, so that a system downstream that remembers the greatest one it has
/// seen can refuse the work of a call that lost its lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

/// A store that can keep its record within a transaction of the caller's, so that the effect and the record of it are
/// committed together or not at all. `T` is the transaction.
///
/// There is no lease: what was claimed is given back when the transaction ends without a commit.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot take part in a `{T}`",
    label = "this is not a transaction of the store's own database",
    note = "`transaction` names an argument that is a `&mut` to a transaction of that database, begun by the caller; \
            leave it out for a store that knows none"
)]
pub trait TransactionalStore<T: ?Sized>: IdempotencyStore {
    /// Claims the key within the transaction. [`Reserved::InFlight`] where another transaction that is not yet over, or a
    /// running record, holds it.
    ///
    /// # Errors
    /// The store cannot answer. Whether the transaction can go on is the database's affair.
    fn reserve_in<'a>(
        &'a self,
        transaction: &'a mut T,
        claim: Claim<'a>,
    ) -> BoxFuture<'a, Result<Reserved, StoreError>>;

    /// Keeps what the call gave, from the commit on.
    ///
    /// # Errors
    /// The store cannot answer.
    fn complete_in<'a>(
        &'a self,
        transaction: &'a mut T,
        key: &'a str,
        token: Token,
        record: &'a [u8],
        ttl: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Gives the key back within the transaction, which goes on.
    ///
    /// # Errors
    /// The store cannot answer.
    fn release_in<'a>(
        &'a self,
        transaction: &'a mut T,
        key: &'a str,
        token: Token,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;
}
