use std::fs;

use mainstay_file::{Durability, FileStore};
use mainstay_runtime::{
    idempotent::{IdempotencyStore, Reserved},
    store::{Store, StoreError, StoreErrorKind},
};

use crate::common::{Place, TTL, claim, claimed};

fn refused(place: &Place) -> StoreError {
    let error = FileStore::open(place.path()).unwrap_err();
    assert!(
        error.to_string().starts_with(&format!("file store at {} could not open: ", place.path().display()))
    );
    error
}

#[test]
fn a_file_that_is_open_is_not_opened_twice() {
    let place = Place::new();
    let _first = place.open();
    let error = refused(&place);
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(
        error.problem().contains("open already") && error.problem().contains("Redis, PostgreSQL"),
        "{error}"
    );
}

#[test]
fn a_missing_folder_is_named() {
    let place = Place::new();
    let error = FileStore::open(place.folder.path().join("not/there.redb")).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(
        error.problem().starts_with("there is no folder `") && error.problem().contains("/not`"),
        "{error}"
    );
}

#[test]
fn a_folder_is_no_file() {
    let place = Place::new();
    let error = FileStore::open(place.folder.path()).unwrap_err();
    assert!(error.problem().starts_with("this is a folder"), "{error}");
}

#[test]
fn a_foreign_file_is_left_as_it_is() {
    let place = Place::new();
    for text in ["", "a shopping list", &"x".repeat(100_000)] {
        fs::write(place.path(), text).unwrap();
        assert_eq!(refused(&place).kind(), StoreErrorKind::Incompatible);
        assert_eq!(fs::read_to_string(place.path()).unwrap(), text);
    }
}

#[test]
fn a_foreign_database_is_left_as_it_is() {
    let place = Place::new();
    let table = redb::TableDefinition::<u64, u64>::new("somebody's");
    {
        let database = redb::Database::create(place.path()).unwrap();
        let transaction = database.begin_write().unwrap();
        transaction.open_table(table).unwrap().insert(1, 2).unwrap();
        transaction.commit().unwrap();
    }
    let error = refused(&place);
    assert_eq!(error.kind(), StoreErrorKind::Incompatible);
    assert!(error.problem().contains("not a file store of Mainstay"), "{error}");
}

#[test]
fn a_file_of_a_later_version_is_told_as_such() {
    let place = Place::new();
    drop(place.open());
    {
        let database = redb::Database::open(place.path()).unwrap();
        let transaction = database.begin_write().unwrap();
        let meta = redb::TableDefinition::<&str, u64>::new("mainstay");
        transaction.open_table(meta).unwrap().insert("format", 2).unwrap();
        transaction.commit().unwrap();
    }
    let error = refused(&place);
    assert!(error.problem().starts_with("it is of version 2, this Mainstay knows version 1"), "{error}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_file_and_nothing_is_left_beside_it() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    drop(place.open());
    assert_eq!(fs::metadata(place.path()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_file_that_was_moved_away_is_seen_by_a_ping() {
    let place = Place::new();
    let store = place.open();
    store.ping().await.unwrap();
    fs::rename(place.path(), place.folder.path().join("elsewhere")).unwrap();
    let error = store.ping().await.unwrap_err();
    assert!(error.problem().contains("moved, removed or replaced"), "{error}");
}

#[tokio::test]
async fn a_store_that_is_dropped_can_be_opened_at_once() {
    let place = Place::new();
    for n in 0..20 {
        let store = place.open();
        let token = claimed(&store, claim(&n.to_string())).await;
        let completion = store.complete("0", token, b"", TTL);
        // Under way, and nobody waits for it.
        let mut completion = completion;
        let _ = mainstay_testkit::poll_once(&mut completion);
        drop(completion);
        drop(store);
    }
}

#[tokio::test]
async fn delayed_writes_are_there_after_the_store_was_dropped() {
    let place = Place::new();
    let hour = std::time::Duration::from_secs(3600);
    let store = place.builder().durability(Durability::Delayed(hour)).open().unwrap();
    let token = claimed(&store, claim("a")).await;
    assert!(store.complete("a", token, b"done", TTL).await.unwrap());
    assert_eq!(store.reserve(claim("a")).await.unwrap(), Reserved::Completed { record: b"done".to_vec() });
    drop(store);
    let store = place.open();
    assert_eq!(store.reserve(claim("a")).await.unwrap(), Reserved::Completed { record: b"done".to_vec() });
}

#[tokio::test]
async fn delayed_writes_reach_the_disk_after_the_delay() {
    let place = Place::new();
    let soon = std::time::Duration::from_millis(1);
    let store = place.builder().durability(Durability::Delayed(soon)).open().unwrap();
    claimed(&store, claim("a")).await;
    // A copy of the file is what a crash would leave.
    let copy = Place { folder: tempfile::tempdir().unwrap(), wall: place.wall.clone() };
    loop {
        fs::copy(place.path(), copy.path()).unwrap();
        if let Ok(crashed) = copy.builder().open()
            && matches!(crashed.reserve(claim("a")).await, Ok(Reserved::InFlight { .. }))
        {
            break;
        }
    }
}
