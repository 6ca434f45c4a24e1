use std::{
    future::{Future, pending, poll_fn, ready},
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
    time::Duration,
};

use tokio::{join, select, task::yield_now, time::advance};

use super::*;
use crate::{
    Error, Kind,
    clock::{self, ManualClock, sleep},
    context::{self, Carried, InContextExt},
    timeout::Timeout,
};

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn limit(name: &'static str, limit: Duration) -> Timeout {
    Timeout::from_static(name, limit)
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn exceeded_by<T>(policy: &'static str) -> Result<T, Error> {
    Err(Error::deadline_exceeded(policy))
}

#[tokio::test(start_paused = true)]
async fn all_inside_a_limit_see_what_is_left_and_none_outside_does() {
    let outer = limit("outer", secs(5));
    let inner = limit("inner", secs(3));
    let seen = outer.run(async {
        sleep(secs(1)).await;
        let before = remaining();
        let inside = inner.run(async { remaining() }).await;
        sleep(secs(1)).await;
        (before, inside, inner.run(async { remaining() }).await)
    });
    assert_eq!(seen.await, Ok((Some(secs(4)), Ok(Some(secs(3))), Ok(Some(secs(3))))));
    assert_eq!((remaining(), current()), (None, None));
}

#[tokio::test(start_paused = true)]
async fn a_longer_limit_inside_a_shorter_one_sees_the_shorter_one() {
    let (outer, inner) = (limit("outer", secs(2)), limit("inner", secs(9)));
    let seen = outer.run(async { inner.run(async { remaining() }).await });
    assert_eq!(seen.await, Ok(Ok(Some(secs(2)))));
}

#[test]
fn the_time_begins_when_somebody_asks_for_all_limits_around() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let (outer, inner) = (limit("outer", secs(10)), limit("inner", secs(4)));
    let mut asked = false;
    let mut call = pin!(outer.run(async {
        let seen = inner.run(poll_fn(|_| {
            // Nothing has begun before: a call that never waits reads no clock.
            let left = (!asked).then(remaining).flatten();
            asked = true;
            if left.is_some() { Poll::Ready(left) } else { Poll::Pending }
        }));
        let seen = seen.await;
        clock.advance(secs(3));
        (seen, remaining())
    }));
    assert_eq!(poll(call.as_mut()), Poll::Ready(Ok((Ok(Some(secs(4))), Some(secs(7))))));
}

#[test]
fn who_asked_once_is_told_the_same_end_at_every_later_poll() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let (outer, inner) = (limit("outer", secs(10)), limit("inner", secs(30)));
    let mut ends = Vec::new();
    let mut call = Box::pin(outer.run(inner.run(poll_fn(|_| {
        ends.push(current());
        clock.advance(secs(1));
        if ends.len() < 4 { Poll::Pending } else { Poll::Ready(()) }
    }))));
    while poll(call.as_mut()).is_pending() {}
    drop(call);
    assert_eq!(ends.len(), 4);
    assert!(ends.iter().all(|end| *end == ends[0] && end.is_some()), "{ends:?}");
}

#[tokio::test(start_paused = true)]
async fn two_futures_that_are_joined_each_see_their_own() {
    let (first, second) = (limit("first", secs(5)), limit("second", secs(2)));
    let look = |wait: u64| async move {
        let before = remaining();
        sleep(Duration::from_millis(wait)).await;
        (before, remaining())
    };
    let outer = limit("outer", secs(4));
    let all = outer.run(async { join!(first.run(look(500)), second.run(look(1500)), look(1000)) });
    let ms = |ms| Some(Duration::from_millis(ms));
    assert_eq!(all.await, Ok((Ok((ms(4000), ms(3500))), Ok((ms(2000), ms(500))), (ms(4000), ms(3000)))));
}

#[tokio::test(start_paused = true)]
async fn the_loser_of_a_race_leaves_nothing_behind() {
    let (short, long) = (limit("short", secs(1)), limit("long", secs(60)));
    select! {
        biased;
        _ = short.run(async { let _ = remaining(); pending::<()>().await }) => {}
        _ = long.run(pending::<()>()) => {}
    }
    assert_eq!(remaining(), None);
}

#[tokio::test(start_paused = true)]
async fn tasks_that_take_turns_on_one_thread_each_see_their_own() {
    let task = |length: u64| {
        tokio::spawn(async move {
            let call = limit("task", secs(length));
            let seen = call.run(async {
                let mut seen = Vec::new();
                for _ in 0..3 {
                    seen.push(remaining());
                    yield_now().await;
                }
                seen
            });
            let seen = seen.await;
            (seen, remaining())
        })
    };
    let tasks = [task(1), task(2), task(3)];
    let none = tokio::spawn(async {
        yield_now().await;
        remaining()
    });
    for (length, task) in (1..).zip(tasks) {
        assert_eq!(task.await.unwrap(), (Ok(vec![Some(secs(length)); 3]), None));
    }
    assert_eq!(none.await.unwrap(), None);
}

#[test]
fn a_future_that_goes_from_thread_to_thread_takes_its_deadline_along() {
    let clock = ManualClock::new();
    let mut call = Box::pin(async {
        let timeout = limit("travels", secs(9));
        timeout
            .run(async {
                let mut seen = vec![current()];
                for _ in 0..3 {
                    let mut turns = 0;
                    poll_fn(|_| {
                        turns += 1;
                        if turns == 1 { Poll::Pending } else { Poll::Ready(()) }
                    })
                    .await;
                    seen.push(current());
                }
                seen
            })
            .await
    });
    let mut seen = None;
    for _ in 0..4 {
        let (moved, clock) = (call, clock.clone());
        let thread = std::thread::spawn(move || {
            let _installed = clock.install();
            let mut moved = moved;
            let polled = poll(moved.as_mut());
            clock.advance(secs(1));
            // The thread is as it was.
            (moved, polled, current())
        });
        let (back, polled, left_behind) = thread.join().unwrap();
        assert_eq!(left_behind, None);
        call = back;
        if let Poll::Ready(Ok(ends)) = polled {
            seen = Some(ends);
        }
    }
    let seen = seen.unwrap();
    assert_eq!(seen.len(), 4);
    assert!(seen.iter().all(|end| end.is_some() && *end == seen[0]), "{seen:?}");
}

#[test]
fn a_panic_leaves_the_thread_as_it_was() {
    let timeout = limit("panics", secs(1));
    let mut call = pin!(timeout.run(async {
        let _ = remaining();
        assert!(remaining().is_none(), "on purpose");
    }));
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| poll(call.as_mut())));
    assert!(caught.is_err());
    assert_eq!(current(), None);
    let caught = std::panic::catch_unwind(|| sync_scope(secs(1), || panic!("on purpose")));
    assert!(caught.is_err());
    assert_eq!(current(), None);
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_deadline_has_passed_is_not_begun() {
    let timeout = limit("late", secs(5));
    let mut ran = false;
    let answer = scope(Duration::ZERO, timeout.run(async { ran = true })).await;
    assert_eq!(answer, exceeded_by("late"));
    assert!(!ran);
    assert_eq!((timeout.deadline_exceeded_calls(), timeout.timed_out()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_callee_of_a_call_that_overran_is_not_begun() {
    let (outer, inner) = (limit("outer", secs(2)), limit("inner", secs(5)));
    let answer = outer.run(async {
        sleep(secs(1)).await;
        // Work that never waits, and cannot be cut off.
        advance(secs(3)).await;
        inner.run(ready(())).await
    });
    // It wins because it is ready.
    assert_eq!(answer.await, Ok(exceeded_by("inner")));
}

#[tokio::test(start_paused = true)]
async fn a_limit_inside_a_scope_ends_with_it() {
    let start = clock::now();
    let timeout = limit("inside", secs(5));
    assert_eq!(scope(secs(2), timeout.run(pending::<()>())).await, exceeded_by("inside"));
    assert_eq!(clock::now().saturating_since(start), secs(2));
    let own = scope(secs(9), timeout.run(pending::<()>())).await;
    assert_eq!(own, Err(Error::timed_out("inside", secs(5))));
    assert_eq!((timeout.deadline_exceeded_calls(), timeout.timed_out()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_limit_around_one_that_is_no_longer_is_blamed_for_both() {
    let (outer, inner) = (limit("outer", secs(2)), limit("inner", secs(5)));
    assert_eq!(outer.run(inner.run(pending::<()>())).await, Err(Error::timed_out("outer", secs(2))));
    assert_eq!((outer.timed_out(), inner.timed_out(), inner.deadline_exceeded_calls()), (1, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_goes_on_in_a_place_with_a_sooner_deadline_ends_with_that() {
    let timeout = limit("moves", secs(60));
    let mut call = Box::pin(timeout.run(pending::<()>()));
    assert!(poll(call.as_mut()).is_pending());
    let start = clock::now();
    assert_eq!(scope(secs(3), call).await, exceeded_by("moves"));
    assert_eq!(clock::now().saturating_since(start), secs(3));
}

#[tokio::test(start_paused = true)]
async fn within_cuts_off_and_does_not_begin_what_is_late() {
    let start = clock::now();
    assert_eq!(within(secs(2), pending::<()>()).await, exceeded_by("deadline"));
    assert_eq!(clock::now().saturating_since(start), secs(2));
    assert_eq!(within(secs(2), async { remaining() }).await, Ok(Some(secs(2))));
    assert_eq!(within(Duration::ZERO, ready(1)).await, exceeded_by("deadline"));
    assert_eq!(scope(secs(1), within(secs(2), async { remaining() })).await, Ok(Some(secs(1))));
    assert_eq!(scope(secs(1), within(secs(2), pending::<()>())).await, exceeded_by("deadline"));
}

#[tokio::test(start_paused = true)]
async fn of_scopes_the_earliest_counts_whichever_is_outside() {
    let left = |outer, inner| scope(secs(outer), scope(secs(inner), async { remaining() }));
    assert_eq!((left(1, 2).await, left(2, 1).await), (Some(secs(1)), Some(secs(1))));
    let hidden = scope(secs(1), without(async { (remaining(), has_passed()) }));
    assert_eq!(hidden.await, (None, false));
}

#[tokio::test(start_paused = true)]
async fn every_clock_can_say_when() {
    assert_eq!(sync_scope(clock::now() + secs(3), remaining), Some(secs(3)));
    assert_eq!(sync_scope(tokio::time::Instant::now() + secs(3), remaining), Some(secs(3)));
    let left = sync_scope(std::time::Instant::now() + secs(300), remaining);
    assert!(left.is_some_and(|left| left <= secs(300) && left > secs(200)));
}

#[tokio::test(start_paused = true)]
async fn a_spawned_task_has_the_deadline_only_where_that_is_asked_for() {
    let spawns = limit("spawns", secs(2));
    let call = async {
        let tasks = (
            context::spawn(async { remaining() }),
            context::spawn_within_deadline(async { remaining() }),
            tokio::spawn(async { remaining() }.in_current_context()),
            tokio::spawn(async { remaining() }.in_current_context().with_deadline()),
        );
        (tasks.0.await.unwrap(), tasks.1.await.unwrap(), tasks.2.await.unwrap(), tasks.3.await.unwrap())
    };
    let two = Some(secs(2));
    assert_eq!(spawns.run(call).await, Ok((None, two, None, two)));
}

#[tokio::test(start_paused = true)]
async fn a_context_around_a_future_leaves_the_deadline_alone() {
    let call = async { remaining() };
    let seen = scope(secs(2), call.in_context(context::Context::new())).await;
    assert_eq!(seen, Some(secs(2)));
}

#[test]
fn a_thread_has_the_deadline_where_it_is_carried() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let (here, along) = sync_scope(secs(2), || (Carried::here(), Carried::here().with_deadline()));
    assert_eq!((here.scope(remaining), along.clone().scope(remaining)), (None, Some(secs(2))));
    // It replaces what is there, as if the work stood where it was taken.
    assert_eq!(sync_scope(secs(1), || along.scope(remaining)), Some(secs(2)));
    assert_eq!(remaining(), None);
}

#[test]
fn work_on_a_thread_of_its_own_has_the_deadline_of_its_call() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let timeout = limit("thread", secs(5));
    assert_eq!(timeout.call_on_thread(|| Ok::<_, Error>(remaining())), Ok(Some(secs(5))));
    let sooner = sync_scope(secs(2), || timeout.call_on_thread(|| Ok::<_, Error>(remaining())));
    assert_eq!(sooner, Ok(Some(secs(2))));
    let late = sync_scope(Duration::ZERO, || timeout.call_on_thread(|| Ok::<_, Error>(())));
    assert_eq!(late.unwrap_err().kind(), Kind::DeadlineExceeded);
}

#[test]
fn a_retry_that_would_begin_after_the_deadline_is_not_begun() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let retry = crate::retry::Retry::builder()
        .max_attempts(10)
        .initial_delay(secs(1))
        .exponential_base(2.0)
        .jitter(crate::retry::Jitter::None)
        .build("r")
        .unwrap();
    let mut attempts = 0;
    let answer = sync_scope(secs(5), || {
        retry.call(|| {
            attempts += 1;
            Err::<(), _>("down")
        })
    });
    // At 0, 1 and 3 s; the next would be at 7.
    assert_eq!((answer, attempts, retry.out_of_time()), (Err("down"), 3, 1));
}

#[test]
fn it_checks_only_what_is_running() {
    assert_eq!(check(), Ok(()));
    let clock = ManualClock::new();
    let _installed = clock.install();
    sync_scope(secs(1), || {
        assert!(check().is_ok() && !has_passed());
        clock.advance(secs(1));
        assert_eq!(check(), exceeded_by("deadline"));
        assert_eq!((has_passed(), remaining()), (true, Some(Duration::ZERO)));
    });
    assert!(check().is_ok());
}
