use std::sync::mpsc;

use mainstay::{bulkhead, clock::ManualClock, policies};

use crate::support::{Answer, Gate, letter, many, ms, step, steps};

#[tokio::test(start_paused = true)]
async fn nobody_waits_by_default() {
    #[bulkhead(1)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    assert_eq!(steps(&mut many(2, || call(&gate))), "-X");
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_a_place_so_long_and_is_then_refused() {
    #[bulkhead("wait.refused", 1, max_wait = "1s")]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(2, || call(&gate));
    assert_eq!(steps(&mut calls), "--");
    tokio::time::advance(ms(999)).await;
    assert_eq!(step(&mut calls[1]), '-');
    tokio::time::advance(ms(1)).await;
    assert_eq!(step(&mut calls[1]), 'X');
    assert_eq!(gate.probe.entered(), 1, "it never ran");
    assert_eq!(policies().bulkhead("wait.refused").unwrap().rejected_count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_gets_a_place_in_time_runs() {
    #[bulkhead(1, max_wait = "1s")]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(2, || call(&gate));
    assert_eq!(steps(&mut calls), "--");
    tokio::time::advance(ms(500)).await;
    gate.let_out(2);
    assert_eq!(steps(&mut calls), "SS");
}

#[tokio::test(start_paused = true)]
async fn as_many_wait_as_may_be_inside_where_no_queue_is_given() {
    #[bulkhead(2, max_wait = "1s")]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    assert_eq!(steps(&mut many(5, || call(&gate))), "----X");
    assert_eq!(gate.probe.most_inside(), 2);
}

#[test]
fn a_sync_call_waits_on_its_thread_until_a_place_is_free() {
    #[bulkhead("wait.sync", 1, max_wait = "1h")]
    fn call(inside: impl FnOnce()) -> Answer {
        inside();
        Ok(())
    }
    let bulkhead = || policies().bulkhead("wait.sync").unwrap();
    let (let_out, gate) = mpsc::channel();
    std::thread::scope(|scope| {
        let first = scope.spawn(move || call(|| gate.recv().unwrap()));
        while bulkhead().in_flight() == 0 {
            std::thread::yield_now();
        }
        let second = scope.spawn(|| call(|| assert_eq!(bulkhead().in_flight(), 1)));
        while bulkhead().waiting() == 0 {
            std::thread::yield_now();
        }
        let_out.send(()).unwrap();
        assert_eq!((first.join().unwrap(), second.join().unwrap()), (Ok(()), Ok(())));
    });
}

#[test]
fn a_sync_call_is_refused_when_its_wait_is_up() {
    #[bulkhead(1, max_wait = "10s")]
    fn call(inside: &dyn Fn() -> Answer) -> Answer {
        inside()
    }
    let clock = ManualClock::new();
    std::thread::scope(|scope| {
        let waiting = scope.spawn({
            let clock = clock.clone();
            move || {
                let _installed = clock.install();
                // It waits for the place that it holds itself.
                call(&|| call(&|| Ok(())))
            }
        });
        while clock.sleepers() == 0 {
            std::thread::yield_now();
        }
        clock.advance(ms(10_000));
        assert_eq!(letter(&waiting.join().unwrap()), 'X');
    });
}
