//! The ways in which a call can end that is not finished, at every point at which that can happen.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    thread,
    time::Duration,
};

use mainstay::clock;
use mainstay_testkit::{Stepper, drop_at_every_await};
use tokio::runtime::{Builder, Runtime};

/// More stages than any call here has.
const MOST: usize = 200;

/// Ends calls in every way at every point and checks after each; then lets one run to its end. A call has at least
/// `least` points.
///
/// The clock is paused, and `step` apart are the points at which a task is aborted or its runtime shut down. After a
/// runtime was shut down, `check` runs outside of any.
pub(crate) fn in_every_way<F>(
    step: Duration,
    least: usize,
    make_future: impl Fn() -> F + Sync,
    check: impl Fn(usize) + Sync,
) where
    F: Future<Output: Send> + Send + 'static,
{
    let points = [
        paused().block_on(drop_at_every_await(step, &make_future, &check)),
        paused().block_on(unwind_at_every_await(step, &make_future, &check)),
        paused().block_on(abort_at_every_stage(step, &make_future, &check)),
        shut_down_at_every_stage(step, &make_future, &check),
    ];
    assert!(points.iter().all(|points| *points >= least), "{points:?}");
    paused().block_on(async { make_future().await });
    check(usize::MAX);
}

pub(crate) fn paused() -> Runtime {
    Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
}

/// Like [`drop_at_every_await`], but what drops the call is a panic of the task that it is part of.
async fn unwind_at_every_await<F: Future>(
    step: Duration,
    mut make_future: impl FnMut() -> F,
    mut check: impl FnMut(usize),
) -> usize {
    for polls in 0..MOST {
        let mut call = Stepper::new(make_future());
        for poll in 1..=polls {
            if call.poll().is_ready() {
                return poll;
            }
            clock::sleep(step).await;
        }
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _call = call;
            resume_unwind(Box::new("another part of the task has panicked"));
        }));
        assert!(panicked.is_err());
        check(polls);
    }
    panic!("it never ends");
}

/// Aborts a task before it has begun, `step` later, two steps later and so on, until it is done before.
async fn abort_at_every_stage<F>(
    step: Duration,
    mut make_future: impl FnMut() -> F,
    mut check: impl FnMut(usize),
) -> usize
where
    F: Future<Output: Send> + Send + 'static,
{
    for steps in 0..MOST {
        let task = tokio::spawn(make_future());
        for _ in 0..steps {
            clock::sleep(step).await;
        }
        if task.is_finished() {
            return steps;
        }
        task.abort();
        assert!(task.await.is_err_and(|error| error.is_cancelled()));
        check(steps);
    }
    panic!("it never ends");
}

/// Ends a runtime with its only task in it, at every stage of it, in every way.
fn shut_down_at_every_stage<F>(
    step: Duration,
    mut make_future: impl FnMut() -> F,
    mut check: impl FnMut(usize),
) -> usize
where
    F: Future<Output: Send> + Send + 'static,
{
    for steps in 0..MOST {
        for end in ENDS {
            let runtime = paused();
            let task = {
                let _clock = runtime.enter();
                runtime.spawn(make_future())
            };
            runtime.block_on(async {
                for _ in 0..steps {
                    clock::sleep(step).await;
                }
            });
            if task.is_finished() {
                return steps;
            }
            end(runtime);
            check(steps);
        }
    }
    panic!("it never ends");
}

/// How a runtime can end.
pub(crate) const ENDS: [fn(Runtime); 3] =
    [drop, Runtime::shutdown_background, |runtime| runtime.shutdown_timeout(Duration::from_secs(60))];

/// Runtimes of all kinds, on real time.
pub(crate) fn runtimes() -> [fn() -> Runtime; 3] {
    [
        || Builder::new_current_thread().enable_all().build().unwrap(),
        || Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap(),
        || Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap(),
    ]
}

/// Lets the runtime go on until the condition holds.
pub(crate) fn run_until(runtime: &Runtime, condition: impl Fn() -> bool) {
    runtime.block_on(async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    });
}

/// Waits for what other threads do.
pub(crate) fn until(condition: impl Fn() -> bool) {
    while !condition() {
        thread::yield_now();
    }
}
