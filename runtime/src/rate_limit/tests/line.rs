//! Those who wait for tokens, some of whom leave, beside a plain line of them.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use super::{
    gcra::Gcra,
    life::{Time, histories, outcome, random_amount, random_bucket, random_pause, tokens},
};
use crate::{Error, rate_limit::RateLimiter};

type Waiting<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

/// One of those who wait.
struct Waiter<'a> {
    amount: u64,
    /// In nanoseconds of the clock.
    limit: Option<u64>,
    future: Waiting<'a>,
}

fn poll(future: &mut Waiting<'_>) -> Option<Result<(), Option<u64>>> {
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(outcome(result)),
        Poll::Pending => None,
    }
}

fn wanted(line: &[Waiter<'_>]) -> u64 {
    line.iter().map(|waiter| waiter.amount).sum()
}

/// What becomes of a newcomer who is ready to wait until `limit`: `None` if it queues up.
fn come(
    model: &mut Gcra,
    line: &[Waiter<'_>],
    amount: u64,
    time: &Time,
    limit: Option<u64>,
) -> Option<Result<(), Option<u64>>> {
    let now = time.now();
    if !model.holds(amount) {
        return Some(Err(None));
    }
    if line.is_empty() && model.take(amount, now).is_ok() {
        return Some(Ok(()));
    }
    let due = model.due(amount, wanted(line), now);
    limit.is_some_and(|limit| due > limit).then_some(Err(Some(due.saturating_sub(now.as_nanos()))))
}

/// Lets everybody look at the clock, in the order of arrival.
fn look(model: &mut Gcra, line: &mut Vec<Waiter<'_>>, time: &Time) {
    let now = time.now();
    let mut at = 0;
    while let Some(waiter) = line.get_mut(at) {
        let (amount, limit) = (waiter.amount, waiter.limit);
        let late = |by: u64| limit.is_some_and(|limit| now.as_nanos() >= limit + by);
        let expected = if at > 0 {
            late(1_000_000).then_some(false)
        } else if model.take_as_head(amount, now) {
            Some(true)
        } else {
            limit.is_some_and(|limit| model.due(amount, 0, now) > limit).then_some(false)
        };
        assert_eq!(poll(&mut waiter.future).map(|result| result.is_ok()), expected, "{at} {amount}");
        if expected.is_some() {
            line.remove(at);
        } else {
            at += 1;
        }
    }
}

#[test]
fn those_who_wait_are_served_in_the_order_of_arrival_whoever_leaves() {
    histories(100_000, |random, steps| {
        let time = Time::new();
        let (config, mut model) = random_bucket(random, false);
        let limiter: RateLimiter = config.build("line").unwrap();
        let mut line: Vec<Waiter<'_>> = Vec::new();
        for _ in 0..steps {
            time.pass(random_pause(random, model.nanos_per_token(), model.burst_tokens()));
            look(&mut model, &mut line, &time);
            let amount = random_amount(random, model.burst_tokens());
            match random.u8(0..10) {
                0..=2 if !line.is_empty() => drop(line.remove(random.usize(0..line.len()))),
                3..=7 if line.len() < 12 => {
                    let patience = random.bool().then(|| random.u64(0..=model.nanos_per_token() * 8));
                    // What is not patient at all does not wait at all, even for what is there at the same moment.
                    let patience = patience.map(|patience| patience.max(1));
                    let limit = patience.map(|patience| time.now().as_nanos() + patience);
                    let mut future: Waiting<'_> = match patience {
                        Some(patience) => {
                            let patience = Duration::from_nanos(patience);
                            Box::pin(limiter.acquire_timeout_async(tokens(amount), patience))
                        }
                        None => Box::pin(limiter.acquire_async(tokens(amount))),
                    };
                    let expected = come(&mut model, &line, amount, &time, limit);
                    assert_eq!(poll(&mut future), expected, "{config} {amount}");
                    if expected.is_none() {
                        line.push(Waiter { amount, limit, future });
                    }
                }
                _ => {
                    let expected = come(&mut model, &line, amount, &time, Some(0));
                    assert_eq!(Some(outcome(limiter.try_acquire(tokens(amount)))), expected);
                }
            }
            look(&mut model, &mut line, &time);
            assert_eq!(limiter.waiting() as usize, line.len());
        }
    });
}
