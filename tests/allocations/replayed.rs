//! Calls that are answered from memory.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use allocation_counter::measure;
use mainstay::idempotent;

use crate::support::*;

#[idempotent(key = x)]
fn plain(x: u32) -> Answer {
    Ok(x)
}

#[idempotent(key = x)]
async fn plain_async(x: u32) -> Answer {
    Ok(x)
}

#[idempotent(key = (name, x), fingerprint(name, x), ttl = "1h")]
fn with_fingerprint(name: &str, x: u32) -> Answer {
    let _ = name;
    Ok(x)
}

#[idempotent(key = id)]
fn text(id: u64) -> Result<String, Failure> {
    Ok(format!("receipt {id}"))
}

#[idempotent(key = id)]
async fn text_async(id: u64) -> Result<String, Failure> {
    Ok(format!("receipt {id}"))
}

/// How many allocations `call` makes.
fn count<T>(call: impl FnOnce() -> T) -> (u64, T) {
    let mut answer = None;
    let info = measure(|| answer = Some(call()));
    (info.count_total, answer.unwrap())
}

fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the call had to wait"),
    }
}

#[test]
fn a_replay_of_a_plain_value_allocates_nothing() {
    assert_eq!(allocations(|| plain(7)), (0, Ok(7)));
    assert_eq!(allocations_async(|| plain_async(7)), (0, Ok(7)));
    assert_eq!(allocations(|| with_fingerprint("eu", 7)), (0, Ok(7)));
}

#[test]
fn a_replay_of_a_text_allocates_the_copy_and_no_more() {
    for _ in 0..2 {
        assert_eq!(text(7), at_once(text_async(7)));
    }
    assert_eq!(count(|| text(7)), (1, Ok("receipt 7".to_owned())));
    assert_eq!(count(|| at_once(text_async(7))), (1, Ok("receipt 7".to_owned())));
}

/// The tables grow now and then as well: what most calls make is counted.
fn of_a_first_call(mut call: impl FnMut(u32)) -> u64 {
    call(0);
    let mut counts: Vec<_> = (1..=100).map(|x| count(|| call(x)).0).collect();
    counts.sort_unstable();
    assert_eq!(counts[0], counts[80], "{counts:?}");
    counts[0]
}

#[test]
fn a_first_call_allocates_its_key_and_its_value() {
    #[idempotent(key = x, max_entries = 1000)]
    fn first(x: u32) -> Answer {
        Ok(x)
    }
    #[idempotent(key = x, max_entries = 1000)]
    async fn first_async(x: u32) -> Answer {
        Ok(x)
    }
    #[idempotent(key = x, fingerprint(x), max_entries = 1000)]
    fn first_with_fingerprint(x: u32) -> Answer {
        Ok(x)
    }
    assert_eq!(of_a_first_call(|x| drop(first(x))), 2);
    assert_eq!(of_a_first_call(|x| drop(at_once(first_async(x)))), 2);
    // And the payload's digest.
    assert_eq!(of_a_first_call(|x| drop(first_with_fingerprint(x))), 3);
}
