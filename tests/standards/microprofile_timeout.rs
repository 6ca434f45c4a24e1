//! MicroProfile Fault Tolerance, timeout. What it allows a margin for is exact here.

use std::{
    sync::mpsc::{Receiver, channel},
    thread,
};

use mainstay::{Kind, bulkhead, fallback, retry, timeout};
use mainstay_testkit::{ManualClock, Probe, Stepper};

use crate::support::*;

/// TO-01, TO-02, TO-x01, TO-04, TO-05.
#[tokio::test(start_paused = true)]
async fn a_call_is_cut_off_at_its_limit_and_an_error_before_it_is_the_answer() {
    let rows = [
        (later!(#[timeout("1000ms")]), 1000, 20_000, 10),
        (later!(#[timeout("2000ms")]), 2000, 2500, 1500),
        (later!(#[timeout("500ms")]), 500, 1000, 10),
        (later!(#[timeout("2s")]), 2000, 2500, 1500),
    ];
    for (call, limit, long, short) in rows {
        assert_eq!(call.timed(&slow(ms(long), 'F')).await, ('t', ms(limit)));
        assert_eq!(call.timed(&slow(ms(short), 'F')).await, ('F', ms(short)));
        assert_eq!(call.timed(&slow(ms(short), 'S')).await, ('S', ms(short)));
    }
}

#[timeout("500ms", blocking = thread)]
fn uninterrupted(release: Receiver<()>, probe: Probe) -> Answer {
    let inside = probe.enter();
    let _ = release.recv();
    inside.finish();
    Ok(())
}

/// What a body that does not wait is given.
fn released() -> Receiver<()> {
    channel().1
}

/// Lets the clock go on as soon as somebody waits for it.
fn advance_when_awaited(clock: &ManualClock, millis: u64) -> thread::JoinHandle<()> {
    let clock = clock.clone();
    thread::spawn(move || {
        while clock.sleepers() == 0 {
            thread::yield_now();
        }
        clock.advance(ms(millis));
    })
}

fn wait_until(is_so: impl Fn() -> bool) {
    while !is_so() {
        thread::yield_now();
    }
}

/// TO-07: there a sync body is interrupted, and one that does not heed it holds its caller up to its end. Here nothing
/// is interrupted: the body has a thread of its own, and the caller goes on in time (decision 0022).
#[test]
fn a_sync_body_that_cannot_be_interrupted_is_left_behind() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let (probe, (release, held)) = (Probe::new(), channel());
    let start = clock.now();
    let advancing = advance_when_awaited(&clock, 500);
    assert_eq!(letter(&uninterrupted(held, probe.clone())), 't');
    advancing.join().unwrap();
    assert_eq!(clock.now().saturating_since(start), ms(500));
    assert_eq!(probe.finished(), 0);
    release.send(()).unwrap();
    wait_until(|| probe.finished() == 1);
}

/// TO-08: there the body still runs when the caller hears of the time-out. Here it is dropped where it waits, before the
/// caller hears of it (decision 0022).
#[tokio::test(start_paused = true)]
async fn an_async_body_is_dropped_where_it_waits() {
    #[timeout("500ms")]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let start = tokio::time::Instant::now();
    assert_eq!(letter(&call(&gate).await), 't');
    assert_eq!(start.elapsed(), ms(500));
    assert_eq!((gate.probe.entered(), gate.probe.dropped(), gate.probe.inside()), (1, 1, 0));
}

/// TO-x02: `testAsyncTimeout`, `testAsyncNoTimeout`.
#[tokio::test(start_paused = true)]
async fn the_call_is_pending_until_its_limit() {
    #[timeout("2s")]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut late = Stepper::new(call(&gate));
    assert_eq!(step(&mut late), '-');
    let mut in_time = Stepper::new(call(&gate));
    assert_eq!(step(&mut in_time), '-');
    tokio::time::advance(ms(500)).await;
    assert_eq!((step(&mut late), step(&mut in_time)), ('-', '-'));
    drop(late);
    gate.let_out(1);
    assert_eq!(step(&mut in_time), 'S');
    let mut late = Stepper::new(call(&gate));
    assert_eq!(step(&mut late), '-');
    tokio::time::advance(ms(1999)).await;
    assert_eq!(step(&mut late), '-');
    tokio::time::advance(ms(1)).await;
    assert_eq!(step(&mut late), 't');
}

/// TO-x03: `testTimeoutAsyncBulkhead`, where a body that was cut off holds its place to its end. Ours has left, so the
/// next one runs (decision 0022).
#[tokio::test(start_paused = true)]
async fn a_body_that_was_cut_off_has_left_its_bulkhead() {
    #[timeout("500ms")]
    #[bulkhead(1, max_queue = 1)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    for ran in 1..=3 {
        assert_eq!((letter(&call(&gate).await), gate.probe.entered()), ('t', ran));
    }
    // As there, a call whose time is up in the queue never runs, and one that finds the queue full is refused.
    let (held, queued) = (Gate::shut(), Gate::shut());
    let mut runs = Stepper::new(call(&held));
    assert_eq!(step(&mut runs), '-');
    tokio::time::advance(ms(100)).await;
    let mut waits = many(2, || call(&queued));
    assert_eq!(steps(&mut waits), "-b");
    held.let_out(1);
    assert_eq!(step(&mut runs), 'S');
    let mut runs = Stepper::new(call(&held));
    assert_eq!(step(&mut waits[0]), '-');
    assert_eq!((queued.probe.inside(), step(&mut runs)), (1, '-'), "it had waited, and now another waits");
    tokio::time::advance(ms(500)).await;
    assert_eq!((step(&mut runs), step(&mut waits[0])), ('t', 't'));
    assert_eq!(held.probe.entered(), 1);
}

/// TO-x03, for a sync body, which is left behind: it holds its place to its end, as there.
#[test]
fn a_body_that_was_left_behind_is_still_in_its_bulkhead() {
    #[timeout("500ms", blocking = thread)]
    #[bulkhead("to.left_behind", 1)]
    fn call(release: Receiver<()>) -> Answer {
        let _ = release.recv();
        Ok(())
    }
    let clock = ManualClock::new();
    let _installed = clock.install();
    let (release, held) = channel();
    let advancing = advance_when_awaited(&clock, 500);
    assert_eq!(letter(&call(held)), 't');
    advancing.join().unwrap();
    let bulkhead = mainstay::policies().bulkhead("to.left_behind").unwrap();
    // Its thread may start as late as it likes.
    wait_until(|| bulkhead.in_flight() == 1);
    assert_eq!(letter(&call(released())), 'b');
    release.send(()).unwrap();
    wait_until(|| bulkhead.in_flight() == 0);
    assert_eq!(letter(&call(released())), 'S');
}

/// TO-10.
#[tokio::test(start_paused = true)]
async fn a_queued_call_times_out_so_long_after_it_was_made() {
    #[timeout("500ms")]
    #[bulkhead(1, max_queue = 1)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let (first_gate, gate) = (Gate::shut(), Gate::shut());
    let mut first = Stepper::new(call(&first_gate));
    assert_eq!(step(&mut first), '-');
    tokio::time::advance(ms(100)).await;
    let mut second = Stepper::new(call(&gate));
    assert_eq!(step(&mut second), '-');
    tokio::time::advance(ms(300)).await;
    first_gate.let_out(1);
    assert_eq!((step(&mut first), step(&mut second)), ('S', '-'));
    assert_eq!(gate.probe.inside(), 1, "it runs");
    tokio::time::advance(ms(199)).await;
    assert_eq!(step(&mut second), '-');
    tokio::time::advance(ms(1)).await;
    assert_eq!(step(&mut second), 't', "500 ms after it was made, 200 ms after it began");
    assert_eq!(gate.probe.dropped(), 1);
}

/// TO-11.
#[tokio::test(start_paused = true)]
async fn a_fallback_answers_as_soon_as_the_time_is_up() {
    #[fallback(|_| Ok("FALLBACK"))]
    #[timeout("500ms")]
    async fn call() -> Answer<&'static str> {
        std::future::pending().await
    }
    let start = tokio::time::Instant::now();
    assert_eq!(call().await.unwrap(), "FALLBACK");
    assert_eq!(start.elapsed(), ms(500));
}

/// TO-15, TO-x04, TO-x05.
#[tokio::test(start_paused = true)]
async fn each_attempt_has_the_whole_time() {
    let call = later!(#[retry(max_attempts = 2, initial_delay = ms(0))] #[timeout("500ms")]);
    let up = slow(SECOND, 'S');
    assert_eq!((call.timed(&up).await, up.calls()), (('t', SECOND), 2));
    let up = slow(ms(10), 'F');
    assert_eq!((call.timed(&up).await, up.calls()), (('F', ms(20)), 2), "no time-out, and tried again");
    let call = later!(#[retry(max_attempts = 3, initial_delay = ms(0))] #[timeout("500ms")]);
    let up = always('H');
    assert_eq!((call.timed(&up).await, up.calls()), (('t', ms(1500)), 3));
}

/// TO-17, TO-18.
#[tokio::test(start_paused = true)]
async fn a_time_out_is_final_where_it_is_not_listed_or_listed_as_final() {
    let listed = later!(#[retry(retry_on(E::Policy(error) if error.kind() == Kind::BulkheadFull))] #[timeout("500ms")]);
    let final_one =
        later!(#[retry(abort_on(E::Policy(error) if error.kind() == Kind::TimedOut))] #[timeout("500ms")]);
    for call in [listed, final_one] {
        let up = slow(SECOND, 'S');
        assert_eq!((call.timed(&up).await, up.calls()), (('t', ms(500)), 1));
    }
}
