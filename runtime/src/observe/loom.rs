//! Counting on several threads, in every order in which they can meet.

use std::sync::Arc;

use loom::thread;

use super::{
    counts::{Cells, Counts},
    seat::{NONE, Seats},
};

#[test]
fn a_count_that_is_cleared_never_shows_less_than_nothing() {
    loom::model(|| {
        let counts = Arc::new(Counts::<1>::earning(1));
        (0..3).for_each(|_| counts.increment(0));
        assert_eq!(counts.get(0), 3);
        let run = |run: fn(&Counts<1>)| {
            let counts = Arc::clone(&counts);
            thread::spawn(move || run(&counts))
        };
        let threads = [run(|counts| counts.increment(0)), run(|counts| counts.clear(0))];
        let seen = counts.get(0);
        assert!(seen <= 4, "{seen}");
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert!(counts.get(0) <= 1, "{}", counts.get(0));
    });
}

#[test]
fn a_seat_hands_over_what_was_counted_in_it() {
    loom::model(|| {
        let (seats, cells) = (Arc::new(Seats::new()), Arc::new(Cells::<1>::new(1)));
        let threads = [(); 3].map(|()| {
            let (seats, cells) = (Arc::clone(&seats), Arc::clone(&cells));
            thread::spawn(move || {
                let seat = seats.take(1);
                assert!(seat == 1 || seat == NONE);
                cells.increment(0, seat);
                seats.give_back(seat);
            })
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(cells.sum(0), 3);
    });
}
