//! The word, in every order in which threads can meet. Run by `.ci/loom`.

use std::sync::Arc;

use loom::{sync::atomic::AtomicU32, thread};

use super::{AdaptiveLimit, AdaptiveLimitConfig, Outcome, Priority, gauge::Gauge};
use crate::{clock::ManualClock, sync::Ordering};

fn gauge(limit: u32) -> Arc<Gauge> {
    let config = AdaptiveLimitConfig::new().initial(limit);
    let gauge = Gauge::new(&config);
    // Made at the first use, loom's atomics would be made by threads that know nothing of each other.
    assert!(
        gauge.try_take(Priority::Sheddable).is_some()
            && gauge.try_take(Priority::Normal).is_some() == (limit > 1)
    );
    (0..gauge.in_flight()).for_each(|_| {
        gauge.release();
    });
    gauge.set_limit(&config, limit);
    Arc::new(gauge)
}

#[test]
fn no_more_than_the_limit_are_inside_and_every_place_comes_back() {
    let mut model = loom::model::Builder::new();
    // Three threads that may each add up who has left: with a third preemption it takes minutes.
    model.preemption_bound = Some(model.preemption_bound.map_or(2, |bound| bound.min(2)));
    model.check(|| {
        let (gauge, inside) = (gauge(2), Arc::new(AtomicU32::new(0)));
        let pass = |gauge: &Gauge, inside: &AtomicU32| {
            if gauge.try_take(Priority::Critical).is_some() {
                assert!(inside.fetch_add(1, Ordering::Relaxed) < 2);
                inside.fetch_sub(1, Ordering::Relaxed);
                gauge.release();
            }
        };
        let others = [0, 1].map(|_| {
            let (gauge, inside) = (Arc::clone(&gauge), Arc::clone(&inside));
            thread::spawn(move || pass(&gauge, &inside))
        });
        pass(&gauge, &inside);
        others.into_iter().for_each(|other| other.join().unwrap());
        assert_eq!(gauge.in_flight(), 0);
    });
}

#[test]
fn what_one_has_done_is_seen_by_who_takes_its_place() {
    loom::model(|| {
        let (gauge, visits) = (gauge(1), Arc::new(AtomicU32::new(0)));
        let pass = |gauge: &Gauge, visits: &AtomicU32| {
            let entered = gauge.try_take(Priority::Critical).is_some();
            if entered {
                visits.store(visits.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
                gauge.release();
            }
            u32::from(entered)
        };
        let other = thread::spawn({
            let (gauge, visits) = (Arc::clone(&gauge), Arc::clone(&visits));
            move || pass(&gauge, &visits)
        });
        let mine = pass(&gauge, &visits);
        let both = mine + other.join().unwrap();
        assert_eq!(visits.load(Ordering::Relaxed), both);
    });
}

#[test]
fn a_limit_that_moves_loses_no_place() {
    loom::model(|| {
        let gauge = gauge(1);
        let config = AdaptiveLimitConfig::new();
        let other = thread::spawn({
            let gauge = Arc::clone(&gauge);
            move || {
                if gauge.try_take(Priority::Critical).is_some() {
                    gauge.release();
                }
            }
        });
        gauge.set_limit(&config, 3);
        gauge.time_one_in(1);
        if gauge.try_take(Priority::Sheddable).is_some() {
            gauge.release();
        }
        other.join().unwrap();
        assert_eq!((gauge.in_flight(), gauge.limit()), (0, 3));
    });
}

#[test]
fn a_permit_settles_once_while_another_call_is_taken_in() {
    loom::model(|| {
        let clock = ManualClock::new();
        let _installed = clock.install();
        let limit = Arc::new(AdaptiveLimit::builder().initial(2).build("loom").unwrap());
        // What the threads share is made before they do.
        drop(limit.try_enter(Priority::Critical));
        limit.reset();
        let call = |limit: &AdaptiveLimit, outcome: Outcome| {
            if let Ok(permit) = limit.try_enter(Priority::Critical) {
                permit.settle(outcome);
            }
        };
        let other = thread::spawn({
            let limit = Arc::clone(&limit);
            move || call(&limit, Outcome::Success)
        });
        call(&limit, Outcome::Overload);
        drop(limit.try_enter(Priority::Critical));
        other.join().unwrap();
        assert_eq!((limit.in_flight(), limit.limit(), limit.overload_count()), (0, 2, 1));
    });
}
