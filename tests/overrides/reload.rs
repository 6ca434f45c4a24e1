//! Values that change while calls are in flight.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use mainstay::{
    Error, Kind, bulkhead,
    overrides::{Values, overrides},
    policies, retry,
};

use crate::InForce;

#[bulkhead("reload.places", 4)]
fn visit(inside: &AtomicU32) -> Result<u32, Error> {
    let others = inside.fetch_add(1, Ordering::SeqCst);
    std::thread::yield_now();
    inside.fetch_sub(1, Ordering::SeqCst);
    Ok(others)
}

#[test]
fn no_place_is_lost_or_made_while_four_threads_call_and_values_change() {
    let in_force = InForce::nothing();
    let (inside, stop) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    match visit(&inside) {
                        // Four is the most that was ever allowed.
                        Ok(others) => assert!(others < 4),
                        Err(error) => assert_eq!(error.kind(), Kind::BulkheadFull),
                    }
                }
            });
        }
        for round in 0..300 {
            let values = Values::new().name("reload.places", "bulkhead", "limit", 1 + round % 4);
            in_force.load(overrides().values(values)).unwrap();
        }
        in_force.load(overrides()).unwrap();
        stop.store(true, Ordering::Relaxed);
    });
    let bulkhead = policies().bulkhead("reload.places").unwrap();
    assert_eq!((bulkhead.in_flight(), bulkhead.available(), bulkhead.limit()), (0, 4, 4));
}

#[retry("reload.again", max_attempts = 2, initial_delay = "0s")]
fn changes_in_the_middle(runs: &mut u32, change: &dyn Fn()) -> Result<(), Error> {
    *runs += 1;
    if *runs == 1 {
        change();
    }
    Err(Error::timed_out("reload", std::time::Duration::ZERO))
}

#[test]
fn values_may_change_in_the_middle_of_a_call_by_the_call_itself() {
    let in_force = InForce::nothing();
    let raise = || {
        let values = Values::new().name("reload.again", "retry", "max_attempts", 4);
        in_force.load(overrides().values(values)).map(drop).unwrap();
    };
    // A retry looks at its options when it is first needed, which is after the first failure.
    let mut runs = 0;
    assert!(changes_in_the_middle(&mut runs, &raise).is_err());
    assert!(runs == 2 || runs == 4, "{runs}");
    runs = 0;
    assert!(changes_in_the_middle(&mut runs, &|| ()).is_err());
    assert_eq!(runs, 4);
}
