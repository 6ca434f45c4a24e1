//! Calls that are left before they end: dropped, aborted, or with their runtime shut down.

use std::{
    sync::{Arc, mpsc},
    thread,
};

use mainstay::{clock, policies, timeout, timeout::Timeout};
use mainstay_testkit::{Probe, drop_at_every_await};
use tokio::runtime::{Builder, Runtime};

use crate::support::*;

/// What a call holds, to see that it is let go.
type Held = Arc<()>;

#[timeout("leaving.fixed", "1h")]
async fn fixed(probe: &Probe, held: Held) -> Answer {
    probe.watch(three_waits(held)).await
}

#[timeout("leaving.computed", secs(hours * 3600))]
async fn computed(probe: &Probe, held: Held, hours: u64) -> Answer {
    probe.watch(three_waits(held)).await
}

async fn three_waits(_held: Held) -> Answer {
    clock::sleep(ms(50)).await;
    tokio::task::yield_now().await;
    clock::sleep(ms(50)).await;
    Ok(7)
}

fn policy(name: &str) -> &'static Timeout {
    policies().timeout(name).unwrap()
}

async fn nothing_is_left_behind<F: Future<Output = Answer>>(name: &str, call: impl Fn(Probe, Held) -> F) {
    let (probe, held) = (Probe::new(), Held::default());
    let polls = drop_at_every_await(
        ms(50),
        || call(probe.clone(), Held::clone(&held)),
        |polls| {
            assert_eq!((Arc::strong_count(&held), probe.inside()), (1, 0), "dropped after {polls} polls");
        },
    )
    .await;
    assert_eq!(polls, 4);
    assert_eq!(policy(name).timed_out(), 0, "a dropped call is not late");
    assert_eq!(probe.finished(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_at_any_point_leaves_nothing_behind() {
    nothing_is_left_behind("leaving.fixed", async |probe, held| fixed(&probe, held).await).await;
    nothing_is_left_behind("leaving.computed", async |probe, held| computed(&probe, held, 1).await).await;
}

#[timeout("leaving.late", "100ms")]
async fn late(probe: Probe, _held: Held) -> Answer {
    probe.watch(std::future::pending()).await
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_late_has_let_everything_go_when_it_answers() {
    let (probe, held) = (Probe::new(), Held::default());
    assert_eq!(late(probe.clone(), Held::clone(&held)).await, timed_out("leaving.late", ms(100)));
    assert_eq!((probe.dropped(), Arc::strong_count(&held)), (1, 1));
    assert_eq!(policy("leaving.late").timed_out(), 1);
}

#[timeout("leaving.hangs", "1h")]
async fn hangs(probe: Probe, _held: Held) -> Answer {
    probe.watch(std::future::pending()).await
}

#[tokio::test(start_paused = true)]
async fn an_aborted_task_leaves_nothing_behind() {
    let (probe, held) = (Probe::new(), Held::default());
    let task = tokio::spawn(hangs(probe.clone(), Held::clone(&held)));
    tokio::task::yield_now().await;
    assert_eq!(probe.inside(), 1);
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!((probe.dropped(), Arc::strong_count(&held)), (1, 1));
}

/// Shuts runtimes of both kinds down by `shut_down` while a call waits in them.
fn shut_down_in_mid_call(shut_down: fn(Runtime)) {
    for mut builder in [Builder::new_current_thread(), Builder::new_multi_thread()] {
        let runtime = builder.enable_all().build().unwrap();
        let (probe, held) = (Probe::new(), Held::default());
        runtime.block_on(async {
            tokio::spawn(hangs(probe.clone(), Held::clone(&held)));
            while probe.inside() == 0 {
                tokio::task::yield_now().await;
            }
        });
        shut_down(runtime);
        // Workers may still be letting go.
        while Arc::strong_count(&held) > 1 {
            thread::yield_now();
        }
        assert_eq!((probe.entered(), probe.dropped()), (1, 1));
        assert_eq!(policy("leaving.hangs").timed_out(), 0);
    }
    // What the calls waited with serves in the next runtime.
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    assert_eq!(runtime.block_on(fixed(&Probe::new(), Held::default())), Ok(7));
}

#[test]
fn a_runtime_dropped_in_mid_call_leaves_nothing_behind() {
    shut_down_in_mid_call(drop);
}

#[test]
fn a_runtime_shut_down_in_the_background_in_mid_call_leaves_nothing_behind() {
    shut_down_in_mid_call(Runtime::shutdown_background);
}

#[timeout("leaving.thread", "1h", blocking = thread)]
fn on_a_thread(probe: Probe, release: mpsc::Receiver<()>, _held: Held) -> Answer {
    let inside = probe.enter();
    let _ = release.recv();
    inside.finish();
    Ok(7)
}

#[test]
fn a_call_on_a_thread_of_its_own_outlives_the_runtime_that_made_it() {
    for mut builder in [Builder::new_current_thread(), Builder::new_multi_thread()] {
        let runtime = builder.build().unwrap();
        let (probe, held) = (Probe::new(), Held::default());
        let (release, released) = mpsc::channel();
        let (answered, answer) = mpsc::channel();
        let call = (probe.clone(), Held::clone(&held));
        runtime.spawn_blocking(move || answered.send(on_a_thread(call.0, released, call.1)));
        while probe.inside() == 0 {
            thread::yield_now();
        }
        runtime.shutdown_background();
        assert_eq!(probe.inside(), 1);
        release.send(()).unwrap();
        assert_eq!(answer.recv().unwrap(), Ok(7));
        assert_eq!((probe.finished(), Arc::strong_count(&held)), (1, 1));
    }
    assert_eq!(policy("leaving.thread").timed_out(), 0);
}
