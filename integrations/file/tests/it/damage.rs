use std::fs;

use mainstay_file::FileStore;
use mainstay_runtime::{
    idempotent::{IdempotencyStore, Reserved},
    store::{StoreErrorKind, block_on},
};

use crate::common::{Place, TTL, claim, claimed};

const RECORDS: usize = 40;

fn record(n: usize) -> Vec<u8> {
    format!("record {n} ").repeat(50).into_bytes()
}

/// The bytes of a store with some records.
fn whole(place: &Place) -> Vec<u8> {
    let store = FileStore::open(place.path()).unwrap();
    for n in 0..RECORDS {
        let key = n.to_string();
        let token = block_on(claimed(&store, claim(&key))).unwrap();
        assert!(block_on(store.complete(&key, token, &record(n), TTL)).unwrap().unwrap());
    }
    drop(store);
    fs::read(place.path()).unwrap()
}

/// Opens what is left: an error, or all that was there. Gives whether it was an error.
fn refused(place: &Place, bytes: &[u8], what: &str) -> bool {
    fs::write(place.path(), bytes).unwrap();
    match FileStore::open(place.path()) {
        Err(error) => {
            let told = matches!(error.kind(), StoreErrorKind::Incompatible | StoreErrorKind::Unavailable);
            assert!(told, "{what}: {error}");
            true
        }
        Ok(store) => {
            for n in 0..RECORDS {
                let found = block_on(store.reserve(claim(&n.to_string()))).unwrap();
                assert_eq!(found, Ok(Reserved::Completed { record: record(n) }), "{what}");
            }
            false
        }
    }
}

#[test]
fn a_truncated_file_is_refused_without_a_panic() {
    let place = Place::new();
    let whole = whole(&place);
    for length in [1, 8, 9, 63, 64, 300, 4096, 5000, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        assert!(refused(&place, &whole[..length], &format!("{length} of {} bytes", whole.len())));
    }
}

#[test]
fn flipped_bits_are_refused_or_harmless() {
    let place = Place::new();
    let whole = whole(&place);
    let mut random = fastrand(7);
    let mut refusals = 0;
    for round in 0..150 {
        let mut bytes = whole.clone();
        // Half of them in the header and the first pages, where there is most to break.
        let end = if round % 2 == 0 { 20_000 } else { bytes.len() };
        let at = random() % end;
        bytes[at] ^= 1 << (random() % 8);
        refusals += u32::from(refused(&place, &bytes, &format!("a bit of byte {at}")));
    }
    assert!(refusals > 0);
}

#[test]
fn a_page_that_was_never_written_is_refused() {
    let place = Place::new();
    let whole = whole(&place);
    let mut refusals = 0;
    for page in 0..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096..][..4096].fill(0);
        refusals += u32::from(refused(&place, &bytes, &format!("page {page}")));
    }
    assert!(refusals > 2, "{refusals}");
}

/// Numbers that are the same in each run.
fn fastrand(seed: u64) -> impl FnMut() -> usize {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    }
}
