//! Withdrawals that meet on several threads, also where a new slot begins, in every order in which they can.

use std::sync::Arc;

use super::window::{SLOTS, Window};

/// Each of two threads wants as many as its slots are; how many they got in all.
fn meet(first: &'static [u64], second: &'static [u64], calls: u64, limit: u64) {
    loom::model(move || {
        let window = Arc::new(Window::new());
        // Two withdrawals in a slot that leaves the window when the next begins.
        let begin = 20;
        assert!(
            window.withdraw(begin, || calls, |_, _| true) && window.withdraw(begin, || calls, |_, _| true)
        );
        let run = |slots: &'static [u64]| {
            let window = Arc::clone(&window);
            loom::thread::spawn(move || {
                let got = |slot: &&u64| window.withdraw(**slot, || calls, |_, further| further <= limit);
                slots.iter().filter(got).count() as u64
            })
        };
        let threads = [run(first), run(second)];
        let got: u64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
        let last = *first.iter().chain(second).max().unwrap();
        let (_, further) = window.spent(last, || calls);
        assert!(further <= limit, "{further} of {limit}");
        assert_eq!(window.withdrawn(), got + 2);
    });
}

#[test]
fn two_threads_do_not_both_get_the_last() {
    meet(&[20, 20], &[20], 5, 3);
}

#[test]
fn none_is_granted_beyond_the_limit_while_a_new_slot_begins() {
    // The slot with the two has left the window, and one is left of it.
    meet(&[20 + SLOTS], &[20 + SLOTS], 5, 1);
}

#[test]
fn nor_where_one_thread_is_a_slot_behind() {
    meet(&[20 + SLOTS - 1], &[20 + SLOTS, 20 + SLOTS], 5, 3);
}
