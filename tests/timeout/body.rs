//! What becomes of the body when time is up.

use std::future::pending;

use mainstay::timeout;
use mainstay_testkit::{Probe, drop_at_every_await};

use crate::support::*;

#[timeout("body.hangs", "1s")]
async fn hangs(probe: &Probe) -> Answer {
    probe.watch(pending()).await
}

#[timeout("body.ok", "1s")]
async fn in_time(probe: &Probe) -> Answer {
    probe.watch(tokio::time::sleep(ms(500))).await;
    Ok(7)
}

#[timeout("body.owned", "1s")]
async fn owns(inside: mainstay_testkit::Inside) -> Answer {
    let _inside = inside;
    pending().await
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_cut_off_is_dropped_before_the_caller_hears_of_it() {
    let probe = Probe::new();
    assert_eq!(hangs(&probe).await, timed_out("body.hangs", secs(1)));
    assert_eq!((probe.inside(), probe.dropped(), probe.finished()), (0, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_argument_that_the_body_took_is_dropped_with_it() {
    let probe = Probe::new();
    let answer = owns(probe.enter()).await;
    assert_eq!((answer, probe.inside()), (timed_out("body.owned", secs(1)), 0));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_in_time_runs_to_its_end() {
    let probe = Probe::new();
    assert_eq!(in_time(&probe).await, Ok(7));
    assert_eq!((probe.finished(), probe.dropped()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_drops_its_body() {
    let probe = Probe::new();
    let polls = drop_at_every_await(ms(500), || in_time(&probe), |_| assert_eq!(probe.inside(), 0)).await;
    assert_eq!(polls, 2);
}

#[tokio::test(start_paused = true)]
async fn an_aborted_task_drops_its_body() {
    let probe = Probe::new();
    let task = tokio::spawn({
        let probe = probe.clone();
        async move { hangs(&probe).await }
    });
    tokio::time::sleep(ms(10)).await;
    assert_eq!(probe.inside(), 1);
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!((probe.inside(), probe.dropped()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_limit_serves_many_calls_at_once_each_with_its_own_time() {
    let probe = Probe::new();
    let first = tokio::spawn({
        let probe = probe.clone();
        async move { timed(hangs(&probe)).await.1 }
    });
    tokio::time::sleep(ms(400)).await;
    assert_eq!(timed(hangs(&probe)).await.1, secs(1));
    assert_eq!(first.await.unwrap(), secs(1));
}
