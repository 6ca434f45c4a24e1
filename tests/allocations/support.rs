//! Counting what a call allocates.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use allocation_counter::measure;

/// An error that needs no memory of its own.
#[derive(Debug, PartialEq)]
pub(crate) enum Failure {
    Reset,
    Policy(mainstay::Error),
}

impl From<mainstay::Error> for Failure {
    fn from(refusal: mainstay::Error) -> Self {
        Self::Policy(refusal)
    }
}

pub(crate) type Answer = Result<u32, Failure>;

/// How many allocations the third call makes and what it answers. The first of all finds the policies, and the first
/// that is refused makes the log's callsite known: neither is counted.
pub(crate) fn allocations(mut call: impl FnMut() -> Answer) -> (u64, Answer) {
    let _ = (call(), call());
    let mut answer = None;
    let info = measure(|| answer = Some(call()));
    (info.count_total, answer.unwrap())
}

/// The same for a future that is ready when it is first polled.
pub(crate) fn allocations_async<F: Future<Output = Answer>>(mut call: impl FnMut() -> F) -> (u64, Answer) {
    allocations(|| {
        let mut future = pin!(call());
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => panic!("the call had to wait"),
        }
    })
}

#[test]
fn an_allocation_would_be_seen() {
    let boxed = || Ok(*std::hint::black_box(Box::new(1)));
    assert_eq!(allocations(boxed), (1, Ok(1)));
}
