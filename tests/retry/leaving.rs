//! Calls that are left before they end: dropped, aborted, or with their runtime shut down.

use std::{sync::Arc, thread};

use mainstay::{clock, policies, retry, retry::Retry};
use mainstay_testkit::{Probe, Script, Step, drop_at_every_await};
use tokio::runtime::{Builder, Runtime};

use crate::support::*;

/// What a call holds, to see that it is let go.
type Held = Arc<()>;

#[retry(
    "leaving.hook",
    initial_delay = "100ms",
    backoff = constant,
    jitter = none,
    before_retry = async |_| clock::sleep(ms(50)).await
)]
async fn with_hook(probe: &Probe, up: &Script<u32, Failure>) -> Answer {
    probe.watch(up.run_async()).await
}

#[retry("leaving.clone", initial_delay = "100ms", backoff = constant, jitter = none, clone(held))]
async fn with_clones(probe: &Probe, up: &Script<u32, Failure>, held: Held) -> Answer {
    let answer = probe.watch(up.run_async()).await;
    drop(held);
    answer
}

fn failing_twice() -> Script<u32, Failure> {
    let slow = |step| Step::delay(ms(50), step);
    Script::steps()
        .step(slow(Step::fail(Failure::Reset)))
        .step(slow(Step::fail(Failure::Reset)))
        .forever(slow(Step::ok(7)))
}

fn policy(name: &str) -> &'static Retry {
    policies().retry(name).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_at_any_point_leaves_no_attempt_behind_and_counts_what_was_begun() {
    let (probe, up) = (Probe::new(), failing_twice());
    let policy = policy("leaving.hook");
    let mut counted = 0;
    let call = || {
        up.rewind();
        with_hook(&probe, &up)
    };
    let polls = drop_at_every_await(ms(50), call, |polls| {
        assert_eq!(probe.inside(), 0, "dropped after {polls} polls");
        let retries = policy.retries() - counted;
        counted = policy.retries();
        // One more than was made, if it was dropped while it waited to make it.
        let made = up.calls().saturating_sub(1);
        assert!(retries == made || retries == made + 1, "{retries} of {made} after {polls} polls");
    })
    .await;
    assert!(polls > 6, "{polls}");
    assert_eq!(policy.exhausted(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_at_any_point_lets_all_copies_of_its_arguments_go() {
    let (probe, up, held) = (Probe::new(), failing_twice(), Held::default());
    let call = || {
        up.rewind();
        with_clones(&probe, &up, Held::clone(&held))
    };
    let polls = drop_at_every_await(ms(50), call, |polls| {
        assert_eq!((Arc::strong_count(&held), probe.inside()), (1, 0), "dropped after {polls} polls");
    })
    .await;
    assert!(polls > 4, "{polls}");
}

#[retry("leaving.shut_down", initial_delay = "1m", jitter = none)]
async fn until_left(probe: Probe, hangs: bool, _held: Held) -> Answer {
    probe.watch(async { if hangs { std::future::pending().await } else { Err(Failure::Reset) } }).await
}

/// Both places in which a call can be when it is left: its body, and the wait between two attempts.
fn is_waiting(probe: &Probe, hangs: bool) -> bool {
    if hangs { probe.inside() == 1 } else { probe.finished() == 1 }
}

#[tokio::test(start_paused = true)]
async fn an_aborted_task_leaves_nothing_behind() {
    for hangs in [true, false] {
        let (probe, held) = (Probe::new(), Held::default());
        let task = tokio::spawn(until_left(probe.clone(), hangs, Held::clone(&held)));
        tokio::task::yield_now().await;
        assert_eq!((probe.entered(), probe.inside()), (1, u64::from(hangs)));
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!((probe.inside(), Arc::strong_count(&held)), (0, 1));
    }
}

fn runtimes() -> [Runtime; 2] {
    [Builder::new_current_thread(), Builder::new_multi_thread()]
        .map(|mut builder| builder.enable_all().build().unwrap())
}

/// Shuts runtimes of both kinds down by `shut_down` while a call waits in them.
fn shut_down_in_mid_call(shut_down: fn(Runtime)) {
    for hangs in [true, false] {
        for runtime in runtimes() {
            let (probe, held) = (Probe::new(), Held::default());
            runtime.block_on(async {
                tokio::spawn(until_left(probe.clone(), hangs, Held::clone(&held)));
                while !is_waiting(&probe, hangs) {
                    tokio::task::yield_now().await;
                }
            });
            shut_down(runtime);
            // Workers may still be letting go.
            while Arc::strong_count(&held) > 1 {
                thread::yield_now();
            }
            assert_eq!((probe.entered(), probe.inside()), (1, 0));
        }
    }
    // What the calls waited with serves in the next runtime.
    paused(async { assert_eq!(with_clones(&Probe::new(), &failing_twice(), Held::default()).await, Ok(7)) });
}

#[test]
fn a_runtime_dropped_in_mid_call_leaves_nothing_behind() {
    shut_down_in_mid_call(drop);
}

#[test]
fn a_runtime_shut_down_in_the_background_in_mid_call_leaves_nothing_behind() {
    shut_down_in_mid_call(Runtime::shutdown_background);
}
