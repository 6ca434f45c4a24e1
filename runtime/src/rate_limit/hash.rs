use std::{
    hash::{BuildHasher, Hash, RandomState},
    sync::OnceLock,
};

use foldhash::{SharedSeed, quality::SeedableRandomState};

/// The hash that stands for a key; never zero. It is keyed at random, so nobody outside can make two keys collide.
#[inline]
pub(super) fn hash(key: &(impl Hash + ?Sized)) -> u64 {
    static HASHER: OnceLock<SeedableRandomState> = OnceLock::new();
    HASHER.get_or_init(hasher).hash_one(key).max(1)
}

#[cold]
fn hasher() -> SeedableRandomState {
    static SEED: OnceLock<SharedSeed> = OnceLock::new();
    let seed = SEED.get_or_init(|| SharedSeed::from_u64(random()));
    SeedableRandomState::with_seed(random(), seed)
}

/// A number from the system's source of randomness, where foldhash's own seeds come from addresses and the time.
fn random() -> u64 {
    RandomState::new().hash_one(0)
}
