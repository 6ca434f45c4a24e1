//! Options that are changed from outside while the cache runs.

use std::{
    cell::Cell,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

use super::{Cache, CacheConfig};
use crate::{Error, clock::ManualClock, overrides::Opt, registry::Policy};

const SECOND: Duration = Duration::from_secs(1);

/// What a load of overrides does to a cache.
pub(super) fn steer(cache: &Cache, config: CacheConfig, on: bool) {
    assert!(Policy::live(cache).unwrap().set(config, on));
    Policy::changed(cache);
}

fn ten_seconds() -> CacheConfig {
    CacheConfig::new(10 * SECOND).jitter(0.0)
}

#[test]
fn what_is_kept_stays_for_its_time_and_what_comes_has_the_new_one() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let (cache, loads) = (ten_seconds().build("test").unwrap(), Cell::new(0));
    let get = |key: &str| {
        cache.get_or_load(key, || {
            loads.set(loads.get() + 1);
            Ok::<_, Error>(loads.get())
        })
    };
    assert_eq!(get("old"), Ok(1));
    steer(&cache, ten_seconds().ttl(SECOND), true);
    assert_eq!(get("new"), Ok(2));
    clock.advance(SECOND);
    assert_eq!((get("old"), get("new")), (Ok(1), Ok(3)));
    // A load is kept as it is said when it ends.
    let under_way = cache.get_or_load("slow", || {
        steer(&cache, ten_seconds().ttl(100 * SECOND), true);
        Ok::<_, Error>(7)
    });
    clock.advance(99 * SECOND);
    assert_eq!((under_way, cache.get("slow")), (Ok(7), Some(7)));
}

#[test]
fn an_old_value_and_a_kept_error_are_given_as_long_as_is_said_now() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let cache = ten_seconds().cache_err(SECOND).build("test").unwrap();
    let down = || Error::timed_out("upstream", SECOND);
    assert_eq!(cache.get_or_load_sharing("a", || Ok::<_, Error>(1)), Ok(1));
    clock.advance(12 * SECOND);
    steer(&cache, ten_seconds().cache_err(5 * SECOND).stale_if_error(3 * SECOND), true);
    assert_eq!(cache.get_or_load_sharing("a", || Err(down())), Ok(1));
    clock.advance(SECOND);
    assert_eq!(cache.get_or_load_sharing("a", || Err::<u32, _>(down())), Err(down()));
    clock.advance(4 * SECOND);
    assert_eq!(cache.get_or_load_sharing("a", || Ok::<u32, Error>(2)), Err(down()), "the error is kept");
}

#[test]
fn another_number_of_entries_is_followed_at_once() {
    let cache = ten_seconds().max_entries(1000).build("test").unwrap();
    (0..1000_u32).for_each(|key| cache.insert(&key, key));
    assert!(cache.len() > 900);
    steer(&cache, ten_seconds().max_entries(100), true);
    // The engine divides it among its parts and rounds up.
    assert!(cache.len() <= 100 + 64, "{}", cache.len());
    steer(&cache, ten_seconds().max_entries(1000), true);
    (0..1000_u32).for_each(|key| cache.insert(&key, key));
    assert!(cache.len() > 900);
    // Values of a type that is seen later have the same room.
    steer(&cache, ten_seconds().max_entries(10), true);
    (0..1000_u32).for_each(|key| cache.insert(&key, key.to_string()));
    assert!(cache.len() <= 2 * (10 + 64), "{}", cache.len());
}

#[test]
fn switched_off_every_call_runs_and_nothing_is_kept_or_counted() {
    let cache = ten_seconds().build("test").unwrap();
    let runs = Cell::new(0);
    let get = || {
        cache.get_or_load("a", || {
            runs.set(runs.get() + 1);
            Ok::<_, Error>(runs.get())
        })
    };
    assert_eq!((get(), get()), (Ok(1), Ok(1)));
    steer(&cache, ten_seconds(), false);
    assert_eq!((get(), get(), cache.get::<str, i32>("a")), (Ok(2), Ok(3), None));
    assert_eq!((cache.hits(), cache.misses(), cache.loads()), (1, 1, 1));
    cache.insert("b", 5);
    assert!(cache.remove("a"));
    steer(&cache, ten_seconds(), true);
    // What was removed meanwhile is gone, and what was put there is there.
    assert_eq!((cache.get("a"), cache.get("b")), (None::<i32>, Some(5)));
    assert_eq!((get(), get()), (Ok(4), Ok(4)));
}

#[test]
fn what_the_code_does_not_know_is_told() {
    let read = |config: CacheConfig, name: &str, text: &str| {
        let option: &Opt<CacheConfig> = Cache::OPTIONS.iter().find(|option| option.name() == name).unwrap();
        option.read(config, text).map(|config| config.to_string())
    };
    let given = ten_seconds().cache_err(SECOND).negative_ttl(SECOND);
    assert!(read(ten_seconds(), "cache_err", "1s").unwrap_err().contains("write `cache_err` there first"));
    assert!(read(ten_seconds(), "negative_ttl", "1s").unwrap_err().contains("which answers stand for none"));
    assert!(read(given, "cache_err", "5").unwrap_err().contains("unit"));
    assert!(read(given, "cache_err", "2s").unwrap().contains("cache_err 2s"));
    assert!(read(given, "negative_ttl", "3s").unwrap().contains("negative_ttl 3s"));
    assert!(read(given, "jitter", "none").unwrap().contains("jitter 0,"));
    let check = |config: CacheConfig| Cache::check_config(&config).map_err(|error| error.option().to_owned());
    assert_eq!(check(ten_seconds().ttl(Duration::ZERO)), Err("ttl".to_owned()));
    assert_eq!(check(ten_seconds().max_entries(0)), Err("max_entries".to_owned()));
}

/// Four threads ask for keys while another one changes options and switches: every call gets the value of its key, and
/// every one that ran while the cache was on is a hit, or one of those that missed.
#[test]
fn every_call_has_its_answer_while_options_change() {
    let cache = ten_seconds().max_entries(100).build("test").unwrap();
    let (ran, done) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..4_u64)
            .map(|seed| {
                let (cache, ran) = (&cache, &ran);
                scope.spawn(move || {
                    let mut random = fastrand::Rng::with_seed(seed);
                    for _ in 0..30_000 {
                        let key = random.u64(..200);
                        let answer = cache.get_or_load(&key, || {
                            ran.fetch_add(1, Ordering::Relaxed);
                            Ok::<_, Error>(key * 3)
                        });
                        assert_eq!(answer, Ok(key * 3));
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            let mut random = fastrand::Rng::with_seed(9);
            while !done.load(Ordering::Relaxed) {
                let config = ten_seconds()
                    .ttl(SECOND * random.u32(1..3))
                    .max_entries(random.u32(1..150))
                    .stale_for(SECOND * random.u32(0..2));
                steer(&cache, config, random.u8(..4) > 0);
            }
        });
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        done.store(true, Ordering::Relaxed);
    });
    let ran = ran.load(Ordering::Relaxed);
    assert!(cache.loads() <= ran && cache.hits() + ran <= 4 * 30_000);
}
