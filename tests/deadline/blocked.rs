//! Threads that are blocked in a wait: no time limit around can cut them off, so each wait ends by itself.

use std::{
    sync::{Barrier, mpsc},
    thread,
};

use mainstay::{Kind, bulkhead, cached, clock::ManualClock, deadline, idempotent, timeout};

use crate::support::*;

/// Blocks while its channel is open.
#[cached("deadline.blocked_cache", key = key, ttl = "1h")]
fn cached(key: &str, begun: &Barrier, end: &mpsc::Receiver<()>) -> Answer<u32> {
    begun.wait();
    let _ = end.recv();
    Ok(1)
}

#[idempotent("deadline.blocked_key", key = key)]
fn once(key: &str, begun: &Barrier, end: &mpsc::Receiver<()>) -> Answer<u32> {
    begun.wait();
    let _ = end.recv();
    Ok(1)
}

#[bulkhead("deadline.blocked_place", 1, max_wait = "1h")]
fn placed(_key: &str, begun: &Barrier, end: &mpsc::Receiver<()>) -> Answer<u32> {
    begun.wait();
    let _ = end.recv();
    Ok(1)
}

type Call = fn(&str, &Barrier, &mpsc::Receiver<()>) -> Answer<u32>;

/// What a call gets that comes while another runs, with a clock that moves for who waits alone.
fn beside_another(
    key: &str,
    call: Call,
    second: impl FnOnce(&dyn Fn() -> Answer<u32>) -> Answer<u32>,
) -> Answer<u32> {
    let begun = Barrier::new(2);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            let receiver = receiver;
            call(key, &begun, &receiver)
        });
        begun.wait();
        let clock = ManualClock::automatic();
        let _installed = clock.install();
        let (none, nobody) = (Barrier::new(1), mpsc::channel().1);
        let answer = second(&|| call(key, &none, &nobody));
        drop(sender);
        answer
    })
}

#[test]
fn a_wait_of_a_blocked_thread_ends_with_the_deadline() {
    for (call, policy) in [
        (cached as Call, "deadline.blocked_cache"),
        (once as Call, "deadline.blocked_key"),
        (placed as Call, "deadline.blocked_place"),
    ] {
        let answer = beside_another("scope", call, |call| deadline::sync_scope(secs(3), call));
        assert_eq!(told(answer), exceeded(policy));
    }
}

#[test]
fn it_ends_with_a_limit_around_too_that_cannot_cut_it_off() {
    let limit = timeout::Timeout::builder(secs(2)).build("deadline.around_blocked").unwrap();
    for call in [cached as Call, once as Call] {
        let answer = beside_another("limit", call, |call| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(limit.run(async { call() })).unwrap()
        });
        assert_eq!(answer.unwrap_err().kind(), Kind::DeadlineExceeded);
    }
}
