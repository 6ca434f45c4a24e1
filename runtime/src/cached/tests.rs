use std::{
    cell::Cell,
    future::Future,
    pin::{Pin, pin},
    sync::atomic::{AtomicU32, Ordering},
    task::{Context, Poll, Waker},
    time::Duration,
};

use super::{Cache, CacheConfig};
use crate::{Error, clock::ManualClock};

const SECOND: Duration = Duration::from_secs(1);

fn cache(config: impl Fn(CacheConfig) -> CacheConfig) -> Cache {
    config(CacheConfig::new(10 * SECOND).jitter(0.0)).build("test").unwrap()
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// An error that is told from others like it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failed(pub(super) u32);

impl From<Error> for Failed {
    fn from(refusal: Error) -> Self {
        panic!("nobody was in a hurry: {refusal}")
    }
}

fn down() -> Error {
    Error::timed_out("upstream", SECOND)
}

#[test]
fn a_value_is_loaded_once_and_again_when_its_time_is_up() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let (cache, loads) = (cache(|config| config), Cell::new(0));
    let get = |key: &str| {
        cache.get_or_load(key, || {
            loads.set(loads.get() + 1);
            Ok::<_, Error>(loads.get())
        })
    };
    assert_eq!((get("a"), get("a"), get("b")), (Ok(1), Ok(1), Ok(2)));
    clock.advance(10 * SECOND - Duration::from_nanos(1));
    assert_eq!(get("a"), Ok(1));
    clock.advance(Duration::from_nanos(1));
    assert_eq!((get("a"), get("b")), (Ok(3), Ok(4)));
    assert_eq!((cache.hits(), cache.misses(), cache.loads(), cache.len()), (2, 4, 4, 2));
}

#[test]
fn an_error_is_not_kept_unless_that_is_asked_for() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let forgets = cache(|config| config);
    let keeps = cache(|config| config.cache_err(SECOND));
    for (cache, again) in [(&forgets, Ok(1)), (&keeps, Err(down()))] {
        assert_eq!(cache.get_or_load_sharing("k", || Err::<u32, _>(down())), Err(down()));
        assert_eq!(cache.get_or_load_sharing("k", || Ok(1_u32)), again);
    }
    clock.advance(SECOND);
    assert_eq!(keeps.get_or_load_sharing("k", || Ok::<u32, Error>(2)), Ok(2));
    assert_eq!(keeps.load_failures(), 1);
}

#[test]
fn values_of_several_types_live_under_one_name_and_go_with_their_key() {
    let cache = cache(|config| config);
    cache.insert("k", 1_u32);
    cache.insert("k", "text");
    cache.insert(&7_u64, 2_u32);
    assert_eq!(cache.get::<str, u32>("k"), Some(1));
    assert_eq!(cache.get::<String, &str>(&"k".to_owned()), Some("text"));
    assert!(cache.remove("k") && !cache.remove("k"));
    assert_eq!(cache.get::<str, u32>("k"), None);
    assert_eq!(cache.get::<str, &str>("k"), None);
    assert_eq!((cache.get::<u64, u32>(&7), cache.len()), (Some(2), 1));
    cache.clear();
    assert!(cache.is_empty());
}

#[test]
fn no_more_is_kept_than_there_is_room_for() {
    let cache = cache(|config| config.max_entries(64));
    (0..10_000_u32).for_each(|key| cache.insert(&key, key));
    assert!(cache.len() <= 64 + 32, "{}", cache.len());
    assert!(cache.evictions() >= 9_000);
    let found = (0..10_000_u32).filter(|key| cache.get(key) == Some(*key)).count();
    assert_eq!(found, cache.len());
}

#[test]
fn a_key_without_type_for_its_value_still_finds_it() {
    let cache = cache(|config| config);
    assert_eq!(cache.get_or_load(&("eu", 7_u64), || Ok::<_, Error>(1)), Ok(1));
    assert_eq!(cache.get::<_, i32>(&(String::from("eu"), &7_u64)), Some(1));
}

#[test]
fn with_jitter_values_that_came_together_do_not_go_together() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let cache = cache(|config| config.jitter(0.1));
    (0..1000_u32).for_each(|key| cache.insert(&key, ()));
    let left = || (0..1000_u32).filter(|key| cache.get::<_, ()>(key).is_some()).count();
    clock.advance(9 * SECOND - Duration::from_nanos(1));
    assert_eq!(left(), 1000);
    clock.advance(SECOND / 2);
    assert!((300..700).contains(&left()), "{}", left());
    clock.advance(SECOND / 2 + Duration::from_nanos(1));
    assert_eq!(left(), 0);
}

#[tokio::test(start_paused = true)]
async fn who_waits_gets_what_the_first_caller_loads() {
    let cache = cache(|config| config);
    let loads = AtomicU32::new(0);
    let get = || {
        cache.get_or_load_async("k", || async {
            tokio::time::sleep(SECOND).await;
            Ok::<_, Error>(loads.fetch_add(1, Ordering::Relaxed))
        })
    };
    assert_eq!(tokio::join!(get(), get(), get()), (Ok(0), Ok(0), Ok(0)));
    assert_eq!((cache.loads(), cache.misses()), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn where_the_first_caller_goes_away_the_next_loads() {
    let cache = cache(|config| config);
    let get = |who: u32| {
        let cache = &cache;
        async move {
            cache
                .get_or_load_async("k", || async {
                    tokio::time::sleep(SECOND).await;
                    Ok::<_, Error>(who)
                })
                .await
        }
    };
    let mut second = pin!(get(2));
    let mut third = pin!(get(3));
    {
        let mut first = pin!(get(1));
        assert!(poll(first.as_mut()).is_pending());
        assert!(poll(second.as_mut()).is_pending());
        assert!(poll(third.as_mut()).is_pending());
    }
    // The second was chosen, and goes as well before it could notice, when its future is replaced.
    second.set(get(4));
    assert_eq!(tokio::join!(second, third), (Ok(3), Ok(3)));
    assert_eq!(cache.loads(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_error_that_cannot_be_shared_lets_each_caller_see_for_itself() {
    let cache = cache(|config| config);
    let loads = AtomicU32::new(0);
    let get = || {
        cache.get_or_load_async("k", || async {
            tokio::time::sleep(SECOND).await;
            Err::<u32, _>(Failed(loads.fetch_add(1, Ordering::Relaxed)))
        })
    };
    assert_eq!(tokio::join!(get(), get()), (Err(Failed(0)), Err(Failed(1))));
    let shared = || {
        cache.get_or_load_sharing_async("k", || async {
            tokio::time::sleep(SECOND).await;
            Err::<u32, _>(Failed(loads.fetch_add(1, Ordering::Relaxed)))
        })
    };
    assert_eq!(tokio::join!(shared(), shared()), (Err(Failed(2)), Err(Failed(2))));
}

#[tokio::test(start_paused = true)]
async fn what_is_removed_while_it_is_loaded_is_not_kept() {
    let cache = cache(|config| config);
    let load = |value: u32| {
        cache.get_or_load_async("k", move || async move {
            tokio::time::sleep(SECOND).await;
            Ok::<_, Error>(value)
        })
    };
    let mut old = pin!(load(1));
    assert!(poll(old.as_mut()).is_pending());
    assert!(!cache.remove("k"));
    let mut new = pin!(load(2));
    assert!(poll(new.as_mut()).is_pending());
    assert_eq!(tokio::join!(old, new), (Ok(1), Ok(2)));
    assert_eq!(cache.get("k"), Some(2_u32));
}

#[tokio::test(start_paused = true)]
async fn an_old_value_serves_while_one_caller_loads_and_where_loading_fails() {
    let cache = cache(|config| config.stale_for(5 * SECOND).stale_if_error(60 * SECOND));
    let load = |answer: Result<u32, Error>| {
        cache.get_or_load_async("k", move || async move {
            tokio::time::sleep(SECOND).await;
            answer
        })
    };
    assert_eq!(load(Ok(1)).await, Ok(1));
    tokio::time::advance(12 * SECOND).await;
    assert_eq!(tokio::join!(load(Ok(2)), load(Ok(3)), load(Ok(4))), (Ok(2), Ok(1), Ok(1)));
    tokio::time::advance(16 * SECOND).await;
    assert_eq!(tokio::join!(load(Err(down())), load(Err(down()))), (Ok(2), Ok(2)));
    tokio::time::advance(60 * SECOND).await;
    assert_eq!(load(Err(down())).await, Err(down()));
}

#[test]
fn threads_that_ask_at_once_load_once_and_a_panic_blocks_nobody() {
    let cache = cache(|config| config);
    let (loads, barrier) = (AtomicU32::new(0), std::sync::Barrier::new(8));
    let get = || {
        barrier.wait();
        cache.get_or_load("k", || {
            let load = loads.fetch_add(1, Ordering::Relaxed);
            while load == 0 && cache.misses() < 8 {
                std::thread::yield_now();
            }
            assert!(load > 0, "the first load panics once all others wait");
            Ok::<_, Error>(load)
        })
    };
    let answers: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(get)).collect();
        threads.into_iter().map(|thread| thread.join().ok()).collect()
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_none()).count(), 1);
    assert!(answers.iter().flatten().all(|answer| *answer == Ok(1)));
    assert_eq!(loads.load(Ordering::Relaxed), 2);
}
