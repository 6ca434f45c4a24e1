use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use mainstay_runtime::{
    cached::{CacheStore, Invalidation},
    clock,
};

use super::rules::{fresh, given, until};

/// How far a store's clock may be off ours.
const TOLERANCE: Duration = Duration::from_millis(50);
const HOUR: Duration = Duration::from_secs(3600);

/// What every [`CacheStore`] must do.
///
/// `one` and `other` are two handles of the same store, as two processes have them, with connections of their own where it
/// has connections. Keys of their own are used, so that a server in use can be asked too. Values run out in less than a
/// second; a store that follows the policies' clock may run under a paused one.
///
/// # Panics
/// A rule does not hold.
pub async fn cache<S: CacheStore + ?Sized>(one: &S, other: &S) {
    let prefix = fresh("cache");
    let case = Case { one, other, prefix: &prefix };
    case.it_says_what_it_is_and_answers_a_ping().await;
    case.what_one_sets_the_other_gets_byte_for_byte().await;
    case.a_value_replaces_the_one_before_and_its_ttl().await;
    case.a_value_is_kept_for_its_ttl_and_no_longer().await;
    case.the_shortest_and_the_longest_ttl_are_followed().await;
    case.a_removed_value_is_gone_for_all().await;
    case.a_prefix_removes_what_begins_with_it_and_nothing_else().await;
    case.keys_are_told_apart_to_the_last_character().await;
    case.every_listener_hears_of_a_removal_by_whomever().await;
    case.a_removal_of_nothing_is_told_too().await;
    case.a_dropped_listener_hears_nothing().await;
}

struct Case<'a, S: ?Sized> {
    one: &'a S,
    other: &'a S,
    prefix: &'a str,
}

impl<S: CacheStore + ?Sized> Case<'_, S> {
    fn key(&self, rest: &str) -> String {
        format!("{}{rest}", self.prefix)
    }

    async fn set(&self, key: &str, value: &[u8], ttl: Duration) {
        given("set", self.one.set(key, value, ttl).await);
    }

    /// The value and its time, as the other process sees them.
    async fn get(&self, key: &str) -> Option<(Vec<u8>, Duration)> {
        let kept = given("get", self.other.get(key).await);
        kept.map(|kept| (kept.value, kept.ttl_left))
    }

    async fn has(&self, key: &str) -> bool {
        self.get(key).await.is_some()
    }

    async fn it_says_what_it_is_and_answers_a_ping(&self) {
        assert!(!self.one.describe().is_empty(), "a store says what it is");
        given("ping", self.one.ping().await);
        given("ping", self.other.ping().await);
    }

    async fn what_one_sets_the_other_gets_byte_for_byte(&self) {
        let key = self.key("bytes");
        assert_eq!(self.get(&key).await, None, "a key that nobody has set");
        let all: Vec<u8> = (0..=255).collect();
        let large: Vec<u8> = all.iter().copied().cycle().take(1 << 20).collect();
        for value in [&b""[..], b"\0", b"a text", &all, &large] {
            self.set(&key, value, HOUR).await;
            let (found, left) = self.get(&key).await.unwrap_or_default();
            assert!(found == value, "{} bytes were set, {} came back", value.len(), found.len());
            assert!(left <= HOUR + TOLERANCE && left > HOUR / 2, "of an hour, {left:?} are left");
        }
    }

    async fn a_value_replaces_the_one_before_and_its_ttl(&self) {
        let key = self.key("replaced");
        for (value, ttl) in [(b"first", HOUR), (b"again", HOUR / 6), (b"third", 2 * HOUR)] {
            self.set(&key, value, ttl).await;
            let (found, left) = self.get(&key).await.unwrap_or_default();
            assert_eq!(found, value);
            assert!(left <= ttl + TOLERANCE && left > ttl / 2, "of {ttl:?}, {left:?} are left");
        }
    }

    async fn a_value_is_kept_for_its_ttl_and_no_longer(&self) {
        let (key, ttl) = (self.key("short"), Duration::from_millis(300));
        let start = clock::now();
        self.set(&key, b"soon gone", ttl).await;
        until("a value goes when its time is up", async || match self.get(&key).await {
            Some((_, left)) => {
                assert!(left <= ttl, "of {ttl:?}, {left:?} are left");
                false
            }
            None => true,
        })
        .await;
        let kept = clock::now().saturating_since(start);
        assert!(kept + TOLERANCE >= ttl, "a value with a ttl of {ttl:?} was gone after {kept:?}");
    }

    async fn the_shortest_and_the_longest_ttl_are_followed(&self) {
        let key = self.key("shortest");
        self.set(&key, b"a value before", HOUR).await;
        self.set(&key, b"hardly there", Duration::from_nanos(1)).await;
        until("a value with a ttl of a nanosecond goes", async || !self.has(&key).await).await;
        let key = self.key("longest");
        self.set(&key, b"here to stay", 24 * 366 * 100 * HOUR).await;
        assert!(self.has(&key).await, "a ttl of a century is kept");
        given("remove", self.one.remove(&key).await);
    }

    async fn a_removed_value_is_gone_for_all(&self) {
        let key = self.key("removed");
        assert!(!given("remove", self.one.remove(&key).await), "there was nothing to remove");
        self.set(&key, b"here", HOUR).await;
        assert!(given("remove", self.other.remove(&key).await), "there was a value to remove");
        assert!(given("get", self.one.get(&key).await).is_none(), "it is removed for all");
        assert!(!given("remove", self.one.remove(&key).await), "it is removed once");
    }

    async fn a_prefix_removes_what_begins_with_it_and_nothing_else(&self) {
        // What stands for itself here stands for others in the patterns of some stores.
        for odd in ["plain", "a*", "a?", "a[b]", "a\\", "a%", "a_", "a.b", "ä", "a b"] {
            let prefix = self.key(&format!("{odd}:"));
            let inside = [format!("{prefix}1"), format!("{prefix}2:3"), prefix.clone()];
            let outside = [self.key("ax:1"), self.key("abc:1"), self.key("b"), self.key(odd)];
            for key in inside.iter().chain(&outside) {
                self.set(key, b"here", HOUR).await;
            }
            let removed = given("remove_prefix", self.other.remove_prefix(&prefix).await);
            assert_eq!(removed, inside.len() as u64, "removed under {prefix:?}");
            for key in &inside {
                assert!(!self.has(key).await, "{key:?} begins with {prefix:?}");
            }
            for key in &outside {
                assert!(self.has(key).await, "{key:?} does not begin with {prefix:?}");
            }
        }
        let many = self.key("many:");
        for number in 0..250 {
            self.set(&format!("{many}{number}"), b"one of many", HOUR).await;
        }
        assert_eq!(given("remove_prefix", self.one.remove_prefix(&many).await), 250);
        assert_eq!(given("remove_prefix", self.one.remove_prefix(&many).await), 0);
    }

    async fn keys_are_told_apart_to_the_last_character(&self) {
        let keys =
            ["k", "K", "k ", " k", "k:", "k:1", "k\\:1", "k\n", "é", "e\u{301}"].map(|key| self.key(key));
        for key in &keys {
            self.set(key, key.as_bytes(), HOUR).await;
        }
        for key in &keys {
            assert_eq!(self.get(key).await.map(|(value, _)| value), Some(key.clone().into_bytes()));
        }
        let long = self.key(&"long".repeat(200));
        self.set(&long, b"long", HOUR).await;
        assert!(self.has(&long).await && !self.has(&long[..long.len() - 1]).await);
    }

    async fn every_listener_hears_of_a_removal_by_whomever(&self) {
        let (first, second) = (Ear::of(self.one), Ear::of(self.other));
        for (remover, key) in [(self.one, self.key("heard:1")), (self.other, self.key("heard:2"))] {
            self.set(&key, b"here", HOUR).await;
            // A store may begin to listen a little later: it is told again until it does.
            until("a removal is heard by both", async || {
                given("remove", remover.remove(&key).await);
                first.heard(&key) && second.heard(&key)
            })
            .await;
        }
        first.forget();
        second.forget();
        let prefix = self.key("heard-prefix:");
        until("the removal of a prefix is heard by both", async || {
            given("remove_prefix", self.other.remove_prefix(&prefix).await);
            [&first, &second].iter().all(|ear| ear.heard(&format!("{prefix}7")))
        })
        .await;
    }

    async fn a_removal_of_nothing_is_told_too(&self) {
        let (ear, key) = (Ear::of(self.one), self.key("heard-nothing"));
        until("another process may still hold what the store has forgotten", async || {
            assert!(!given("remove", self.other.remove(&key).await));
            ear.heard(&key)
        })
        .await;
    }

    async fn a_dropped_listener_hears_nothing(&self) {
        let (gone, stays) = (Ear::of(self.one), Ear::of(self.one));
        let key = self.key("heard-late");
        until("a removal is heard by both listeners of a process", async || {
            given("remove", self.other.remove(&key).await);
            gone.heard(&key) && stays.heard(&key)
        })
        .await;
        let Ear { heard, listening } = gone;
        drop(listening);
        let before = locked(&heard).len();
        stays.forget();
        until("who still listens hears on", async || {
            given("remove", self.other.remove(&key).await);
            stays.heard(&key)
        })
        .await;
        assert_eq!(locked(&heard).len(), before, "a listener that was dropped is told nothing more");
    }
}

/// Writes down what a listener is told.
struct Ear {
    heard: Arc<Mutex<Vec<Heard>>>,
    listening: Box<dyn Send + Sync>,
}

enum Heard {
    Key(String),
    Prefix(String),
    All,
}

impl Ear {
    fn of(store: &(impl CacheStore + ?Sized)) -> Self {
        let heard = Arc::<Mutex<Vec<Heard>>>::default();
        let listening = store.listen(Box::new({
            let heard = Arc::clone(&heard);
            move |told| {
                locked(&heard).push(match told {
                    Invalidation::Key(key) => Heard::Key(key.to_owned()),
                    Invalidation::Prefix(prefix) => Heard::Prefix(prefix.to_owned()),
                    Invalidation::All => Heard::All,
                });
            }
        }));
        Self { heard, listening }
    }

    /// Whether it was told that what stands under `key` is no longer true.
    fn heard(&self, key: &str) -> bool {
        locked(&self.heard).iter().any(|told| match told {
            Heard::Key(known) => known == key,
            Heard::Prefix(prefix) => key.starts_with(prefix),
            Heard::All => true,
        })
    }

    fn forget(&self) {
        locked(&self.heard).clear();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
