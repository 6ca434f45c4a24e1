mod cancelling;
mod configuring;
mod limiting;
mod model;
mod queueing;
mod steered;
mod threads;
mod waiting;

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use super::{Bulkhead, BulkheadConfig, BulkheadPermit};
use crate::{Error, registry::Policy};

fn bulkhead(config: BulkheadConfig) -> Bulkhead {
    config.build("test").unwrap()
}

type Waiting<'a> = Pin<Box<dyn Future<Output = Result<BulkheadPermit<'a>, Error>> + Send + 'a>>;

fn poll<F: Future + ?Sized>(future: &mut Pin<Box<F>>) -> Poll<F::Output> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// A caller who has come and must wait.
fn queued(bulkhead: &Bulkhead) -> Waiting<'_> {
    let before = bulkhead.waiting();
    let mut waiting: Waiting<'_> = Box::pin(bulkhead.enter_async());
    assert!(poll(&mut waiting).is_pending());
    assert_eq!(bulkhead.waiting(), before + 1);
    waiting
}

fn entered<'a>(waiting: &mut Waiting<'a>) -> BulkheadPermit<'a> {
    match poll(waiting) {
        Poll::Ready(Ok(permit)) => permit,
        other => panic!("still outside: {other:?}"),
    }
}

/// What a load of overrides does to a bulkhead.
fn steer(bulkhead: &Bulkhead, config: BulkheadConfig, on: bool) {
    assert!(Policy::live(bulkhead).unwrap().set(config, on));
    Policy::changed(bulkhead);
}
