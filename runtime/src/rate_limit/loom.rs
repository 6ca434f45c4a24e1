//! What threads share in a limiter, in every order in which they can meet.

use std::{sync::Arc, time::Duration};

use ::loom::{model, thread};

use super::{
    Algorithm, Rate, RateLimitConfig, RateLimiter,
    amount::Amount,
    bucket::Bucket,
    buckets::Buckets,
    enter::Gate,
    follow::Follows,
    meter::Meter,
    queue::{Place, Queue},
    rule::Attempt,
};
use crate::{
    clock::{Instant, ManualClock},
    sync::{AtomicU64, Ordering},
};

const ONE: Amount = Amount::ONE;
const START: Instant = Instant::from_nanos(1_000_000_000_000);

fn start() -> Instant {
    START
}

fn later() -> Instant {
    START + Duration::from_secs(60)
}

fn meter(per_second: u32, burst: u32) -> Meter {
    Meter::new(Rate::per_second(per_second), burst, burst)
}

/// A bucket of which every part was used: loom makes its atomics at the first use, which must not be everybody's.
fn bucket(burst: u32) -> Arc<Bucket> {
    let bucket = Bucket::new(meter(1, burst));
    bucket.change(meter(1, burst), START);
    bucket.change(meter(1, burst), START);
    assert_eq!(bucket.available(START), Some(f64::from(burst)));
    Arc::new(bucket)
}

fn spawn<T: 'static>(f: impl FnOnce() -> T + Send + 'static) -> thread::JoinHandle<T> {
    thread::spawn(f)
}

#[test]
fn one_token_goes_to_one_thread() {
    model(|| {
        let bucket = bucket(1);
        let taker = || {
            let bucket = Arc::clone(&bucket);
            spawn(move || bucket.take(ONE, 0, start) == Some(Attempt::Taken))
        };
        let takers = [taker(), taker()];
        let mine = bucket.take_one_plainly(start) == Some(Attempt::Taken);
        let taken = takers.map(|taker| taker.join().unwrap()).into_iter().chain([mine]);
        assert_eq!(taken.filter(|taken| *taken).count(), 1);
        assert_eq!(bucket.available(START), Some(0.0));
    });
}

#[test]
fn changes_of_the_rate_keep_the_tokens_whoever_takes_meanwhile() {
    model(|| {
        let bucket = bucket(3);
        let taker = {
            let bucket = Arc::clone(&bucket);
            spawn(move || {
                assert_eq!(bucket.take(ONE, 0, start), Some(Attempt::Taken));
                assert_eq!(bucket.take(Amount::whole(2), 0, start), Some(Attempt::Taken));
            })
        };
        // Twice, so that the meter that the other thread may be reading is filled again.
        bucket.change(meter(1000, 3), START);
        bucket.change(meter(7, 3), START);
        taker.join().unwrap();
        assert_eq!(bucket.available(START), Some(0.0));
    });
}

#[test]
fn a_refusal_follows_one_meter_and_not_the_pieces_of_two() {
    model(|| {
        let bucket = bucket(1);
        assert_eq!(bucket.take(ONE, 0, start), Some(Attempt::Taken));
        let taker = {
            let bucket = Arc::clone(&bucket);
            spawn(move || bucket.take(ONE, 0, start))
        };
        bucket.change(meter(10, 1), START);
        bucket.change(meter(1000, 1), START);
        let Some(Attempt::Short { due, .. }) = taker.join().unwrap() else { panic!("one token too many") };
        assert!([1000, 100, 1].contains(&due.saturating_since(START).as_millis()), "{due:?}");
    });
}

#[test]
fn a_reset_gives_the_tokens_back_once() {
    model(|| {
        let bucket = bucket(2);
        let taker = {
            let bucket = Arc::clone(&bucket);
            spawn(move || assert_eq!(bucket.take(ONE, 0, start), Some(Attempt::Taken)))
        };
        bucket.reset();
        taker.join().unwrap();
        let left = bucket.available(START);
        assert!(left == Some(1.0) || left == Some(2.0), "{left:?}");
    });
}

#[test]
fn a_bucket_starts_anew_once_when_time_went_back() {
    model(|| {
        let bucket = bucket(2);
        assert_eq!(bucket.take(ONE, 0, later), Some(Attempt::Taken));
        let taker = {
            let bucket = Arc::clone(&bucket);
            spawn(move || bucket.take(ONE, 0, start))
        };
        assert_eq!(bucket.take(ONE, 0, start), Some(Attempt::Taken));
        assert_eq!(taker.join().unwrap(), Some(Attempt::Taken));
        assert_eq!(bucket.available(START), Some(0.0));
    });
}

#[test]
fn a_clock_read_too_early_is_no_time_that_went_back() {
    model(|| {
        let bucket = bucket(1);
        let time = Arc::new(AtomicU64::new(START.as_nanos()));
        assert_eq!(time.load(Ordering::SeqCst), START.as_nanos());
        let taker = {
            let (bucket, time) = (Arc::clone(&bucket), Arc::clone(&time));
            spawn(move || {
                let clock = || Instant::from_nanos(time.load(Ordering::SeqCst));
                bucket.take_as_head(ONE, clock)
            })
        };
        time.store(later().as_nanos(), Ordering::SeqCst);
        let mine = bucket.take(ONE, 0, later);
        assert!([taker.join().unwrap(), mine].contains(&Some(Attempt::Taken)));
        // Whoever was the head has two milliseconds to its credit.
        assert!(bucket.available(later()).unwrap() < 0.01);
    });
}

#[test]
fn places_know_what_stands_before_them_and_leave_nothing_behind() {
    model(|| {
        let queue = Arc::new(Queue::new());
        assert_eq!((queue.ahead(), queue.waiters()), (0, 0));
        let other = {
            let queue = Arc::clone(&queue);
            spawn(move || Place::take(queue, Amount::whole(2)))
        };
        let (mine, before_me) = Place::take(Arc::clone(&queue), ONE).unwrap();
        let (others, before_other) = other.join().unwrap().unwrap();
        let orders = [(0, Amount::PARTS), (2 * Amount::PARTS, 0)];
        assert!(orders.contains(&(before_me, before_other)));
        let leaver = spawn(move || drop(others));
        drop(mine);
        leaver.join().unwrap();
        assert_eq!((queue.ahead(), queue.waiters()), (0, 0));
    });
}

fn spent_limiter() -> (Arc<RateLimiter>, ManualClock) {
    let limiter = RateLimitConfig::new(Rate::per_second(1)).build("loom").unwrap();
    let clock = ManualClock::new();
    let _installed = clock.install();
    limiter.reconfigure(Rate::per_second(1), 1).unwrap();
    limiter.reconfigure(Rate::per_second(1), 1).unwrap();
    limiter.try_acquire(1.0).unwrap();
    assert_eq!((limiter.waiting(), limiter.rejected_count()), (0, 0));
    (Arc::new(limiter), clock)
}

#[test]
fn nobody_overtakes_whoever_waits() {
    model(|| {
        let (limiter, clock) = spent_limiter();
        let _installed = clock.install();
        let gate = &*limiter;
        let (place, attempt) = gate.join(ONE).unwrap();
        assert!(matches!(attempt, Attempt::Short { .. }));
        clock.advance(Duration::from_secs(1));
        let newcomer = {
            let limiter = Arc::clone(&limiter);
            spawn(move || (&*limiter).newcomer(ONE))
        };
        assert_eq!(gate.head(ONE, Instant::ZERO), Attempt::Taken);
        drop(place);
        assert!(matches!(newcomer.join().unwrap(), Attempt::Short { .. }));
    });
}

#[test]
fn whoever_gives_up_its_place_leaves_the_token() {
    model(|| {
        let (limiter, clock) = spent_limiter();
        let _installed = clock.install();
        let waiter = {
            let limiter = Arc::clone(&limiter);
            spawn(move || drop((&*limiter).join(ONE)))
        };
        let (place, _) = (&*limiter).join(ONE).unwrap();
        clock.advance(Duration::from_secs(1));
        drop(place);
        let early = (&*limiter).newcomer(ONE) == Attempt::Taken;
        waiter.join().unwrap();
        let late = (&*limiter).newcomer(ONE) == Attempt::Taken;
        // The other may have had it in joining, before it left.
        assert!(!(early && late) && limiter.available_tokens() == 0.0 && limiter.waiting() == 0);
    });
}

/// A limit of so many that counts by a bucket, of which every part was used.
fn switching(limit: u32) -> (Arc<RateLimiter>, ManualClock, [RateLimitConfig; 2]) {
    let config = RateLimitConfig::new(Rate::per_hour(limit));
    let windowed = config.algorithm(Algorithm::FixedWindow);
    let limiter = config.build("loom").unwrap();
    let clock = ManualClock::new();
    let _installed = clock.install();
    for config in [windowed, config, windowed, config] {
        limiter.count_by(&config);
    }
    assert_eq!((limiter.available_tokens(), limiter.queue.ahead()), (f64::from(limit), 0));
    (Arc::new(limiter), clock, [config, windowed])
}

#[test]
fn another_way_to_count_takes_over_what_was_taken_whoever_takes_meanwhile() {
    model(|| {
        let (limiter, clock, [config, windowed]) = switching(1);
        let _installed = clock.install();
        let taker = {
            let limiter = Arc::clone(&limiter);
            spawn(move || (&*limiter).newcomer(ONE))
        };
        limiter.count_by(&windowed);
        limiter.count_by(&config);
        let mine = (&*limiter).newcomer(ONE) == Attempt::Taken;
        assert!(mine != (taker.join().unwrap() == Attempt::Taken));
        assert_eq!(limiter.available_tokens(), 0.0);
    });
}

const A: u64 = 1 << 60;
const B: u64 = 2 << 60;
const C: u64 = 3 << 60;

fn take(buckets: &Buckets, key: u64, clock: fn() -> Instant) -> Attempt {
    let plainly = buckets.take_plainly(key, ONE, clock);
    plainly.or_else(|| buckets.newcomer(key, ONE, clock)).unwrap()
}

fn left(buckets: &Buckets, key: u64, now: Instant) -> f64 {
    buckets.available(key, now).unwrap()
}

/// Buckets with keys of which each has had a token.
fn buckets(max: u32, burst: u32, keys: &[u64]) -> Arc<Buckets> {
    let buckets = Buckets::new(meter(1, burst), max);
    assert_eq!(take(&buckets, A, start), Attempt::Taken);
    buckets.change(meter(1, burst), START);
    buckets.change(meter(1, burst), START);
    assert!(buckets.remove(A).is_none());
    keys.iter().for_each(|key| assert_eq!(take(&buckets, *key, start), Attempt::Taken));
    Arc::new(buckets)
}

fn taker(buckets: &Arc<Buckets>, key: u64, clock: fn() -> Instant) -> thread::JoinHandle<Attempt> {
    let buckets = Arc::clone(buckets);
    spawn(move || take(&buckets, key, clock))
}

#[test]
fn one_token_of_a_new_key_goes_to_one_thread() {
    model(|| {
        let buckets = buckets(8, 1, &[]);
        let other = taker(&buckets, A, start);
        let mine = take(&buckets, A, start);
        let other = other.join().unwrap();
        assert!((mine == Attempt::Taken) != (other == Attempt::Taken));
        assert_eq!((buckets.len(), buckets.available(A, START)), (1, Some(0.0)));
    });
}

#[test]
fn nothing_is_taken_from_the_key_that_gets_the_slot() {
    model(|| {
        let buckets = buckets(1, 3, &[A]);
        let other = taker(&buckets, A, start);
        assert_eq!(take(&buckets, B, start), Attempt::Taken);
        assert_eq!(other.join().unwrap(), Attempt::Taken);
        assert_eq!(buckets.len(), 1);
        // Whichever is known has had one token, or A the two; B is full if it is not known.
        let left = (left(&buckets, A, START), left(&buckets, B, START));
        assert!([(3.0, 2.0), (2.0, 3.0)].contains(&left), "{left:?}");
    });
}

#[test]
fn an_idle_key_that_is_used_again_keeps_what_was_taken() {
    model(|| {
        let buckets = buckets(8, 3, &[A]);
        let other = taker(&buckets, A, later);
        assert_eq!(take(&buckets, B, later), Attempt::Taken);
        assert_eq!(other.join().unwrap(), Attempt::Taken);
        assert_eq!((left(&buckets, A, later()), left(&buckets, B, later())), (2.0, 2.0));
        assert_eq!(buckets.len(), 2);
    });
}

#[test]
fn a_table_that_grows_loses_no_token() {
    model(|| {
        let buckets = buckets(8, 3, &[A, B]);
        let other = taker(&buckets, A, start);
        assert_eq!(take(&buckets, C, start), Attempt::Taken);
        assert_eq!(other.join().unwrap(), Attempt::Taken);
        let left = [A, B, C].map(|key| left(&buckets, key, START));
        assert_eq!((buckets.len(), left), (3, [1.0, 2.0, 2.0]));
    });
}

#[test]
fn changes_of_the_rate_keep_the_tokens_of_every_key() {
    model(|| {
        let buckets = buckets(8, 3, &[A]);
        let other = taker(&buckets, A, start);
        buckets.change(meter(1000, 3), START);
        buckets.change(meter(7, 3), START);
        assert_eq!(other.join().unwrap(), Attempt::Taken);
        assert_eq!(left(&buckets, A, START), 1.0);
    });
}

#[test]
fn a_key_that_is_removed_starts_full_or_not_at_all() {
    model(|| {
        let buckets = buckets(8, 3, &[A]);
        let other = taker(&buckets, A, start);
        assert!(buckets.remove(A).is_none());
        assert_eq!(other.join().unwrap(), Attempt::Taken);
        let left = left(&buckets, A, START);
        assert!((left, buckets.len()) == (3.0, 0) || (left, buckets.len()) == (2.0, 1));
    });
}

#[test]
fn nobody_overtakes_whoever_waits_for_a_key() {
    model(|| {
        let buckets = buckets(8, 1, &[A]);
        let (place, attempt) = buckets.join(A, ONE, start).flatten().unwrap();
        assert!(matches!(attempt, Attempt::Short { .. }));
        let newcomer = taker(&buckets, A, || START + Duration::from_secs(1));
        let head = buckets.head(A, ONE, || START + Duration::from_secs(1));
        drop(place);
        assert_eq!(head, Some(Attempt::Taken));
        assert!(matches!(newcomer.join().unwrap(), Attempt::Short { .. }));
        assert_eq!(take(&buckets, A, later), Attempt::Taken);
    });
}
