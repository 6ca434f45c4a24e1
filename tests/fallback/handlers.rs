//! Handlers that keep state, and what is run when.

use std::sync::atomic::{AtomicU32, Ordering};

use mainstay::fallback;

use crate::support::*;

struct Handler {
    used: AtomicU32,
}

impl Handler {
    fn next(&self, _: Failure) -> Answer {
        Ok(33 + self.used.fetch_add(1, Ordering::Relaxed) + 1)
    }

    #[fallback(Self::next)]
    async fn ask(&self, calls: &AtomicU32) -> Answer {
        calls.fetch_add(1, Ordering::Relaxed);
        Err(Failure::Reset)
    }
}

#[tokio::test]
async fn a_handler_may_keep_state_between_calls() {
    // FB-01: 34, then 35. Arguments that it does not want do not hinder it.
    let (handler, calls) = (Handler { used: AtomicU32::new(0) }, AtomicU32::new(0));
    assert_eq!(handler.ask(&calls).await, Ok(34));
    assert_eq!(handler.ask(&calls).await, Ok(35));
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

#[fallback(|_| { order.push("fallback"); Ok(1) })]
async fn in_order(order: &mut Vec<&'static str>) -> Answer {
    order.push("body");
    Err(Failure::Reset)
}

#[tokio::test]
async fn the_body_runs_once_and_then_the_fallback() {
    let mut order = Vec::new();
    assert_eq!(in_order(&mut order).await, Ok(1));
    assert_eq!(order, ["body", "fallback"]);
}
