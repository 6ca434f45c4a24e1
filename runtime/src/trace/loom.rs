//! The queue of finished spans, in every order in which threads can meet.

use std::sync::Arc;

use loom::thread;

use super::shards::{Pushed, Shards};

#[test]
fn each_span_is_drained_or_refused_and_there_are_never_too_many() {
    loom::model(|| {
        let shards = Arc::new(Shards::<u32>::new(2));
        shards.open(2, 4);
        let finish = |seat: usize| {
            let shards = Arc::clone(&shards);
            thread::spawn(move || {
                (0..2).filter(|n| matches!(shards.push(seat, *n), Pushed::Refused(_))).count()
            })
        };
        let threads = [finish(1), finish(2)];
        let (mut out, mut spare) = (Vec::new(), Vec::new());
        shards.drain(&mut out, &mut spare, false);
        assert!(out.len() <= 2);
        shards.give(out.len() as u64);
        let refused: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
        let before = out.len();
        shards.drain(&mut out, &mut spare, true);
        assert!(out.len() - before <= 2);
        assert_eq!(out.len() + refused, 4);
        shards.give((out.len() - before) as u64);
        assert_eq!(shards.used(), 0);
    });
}

#[test]
fn closing_loses_no_span_and_no_place() {
    loom::model(|| {
        let shards = Arc::new(Shards::<u32>::new(1));
        shards.open(4, 4);
        let finishing = {
            let shards = Arc::clone(&shards);
            thread::spawn(move || (0..2).filter(|n| matches!(shards.push(1, *n), Pushed::Refused(_))).count())
        };
        let (mut out, mut spare) = (Vec::new(), Vec::new());
        shards.drain(&mut out, &mut spare, true);
        let refused = finishing.join().unwrap();
        assert_eq!(out.len() + refused, 2);
        assert_eq!(shards.used(), out.len() as u64);
    });
}
