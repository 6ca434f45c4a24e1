use std::sync::Barrier;

use mainstay::{Error, bulkhead, policies};

use crate::support::{Answer, Gate, letter, many, step, steps};

#[tokio::test(start_paused = true)]
async fn so_many_calls_are_inside_at_once_and_the_next_is_refused() {
    #[bulkhead("limit.async", 3)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(5, || call(&gate));
    assert_eq!(steps(&mut calls), "---XX");
    assert_eq!(gate.probe.inside(), 3);

    gate.let_out(1);
    assert_eq!(step(&mut calls[0]), 'S');
    let mut next = many(2, || call(&gate));
    assert_eq!(steps(&mut next), "-X");
    assert_eq!(gate.probe.most_inside(), 3);
}

#[test]
fn a_sync_function_lets_in_as_many_threads() {
    #[bulkhead("limit.sync", 3)]
    fn call(inside: &Barrier, done: &Barrier) -> Answer {
        inside.wait();
        done.wait();
        Ok(())
    }
    let (inside, done, never) = (Barrier::new(4), Barrier::new(4), Barrier::new(2));
    std::thread::scope(|scope| {
        let calls: Vec<_> = (0..3).map(|_| scope.spawn(|| call(&inside, &done))).collect();
        inside.wait();
        assert_eq!(call(&never, &never), Err(Error::bulkhead_full("limit.sync", 3)));
        done.wait();
        calls.into_iter().for_each(|call| call.join().unwrap().unwrap());
    });
    let bulkhead = policies().bulkhead("limit.sync").unwrap();
    assert_eq!((bulkhead.in_flight(), bulkhead.admitted_count(), bulkhead.rejected_count()), (0, 3, 1));
}

#[test]
fn a_function_that_calls_itself_takes_a_place_each_time() {
    const LIMIT: u32 = 2;
    #[bulkhead(LIMIT)]
    fn nested(depth: u32) -> Answer {
        if depth == 0 { Ok(()) } else { nested(depth - 1) }
    }
    assert_eq!((letter(&nested(0)), letter(&nested(1)), letter(&nested(2))), ('S', 'S', 'X'));
}

#[tokio::test(start_paused = true)]
async fn an_async_call_holds_its_place_until_its_future_is_done() {
    #[bulkhead(1)]
    fn call(gate: &Gate) -> impl Future<Output = Answer> {
        gate.pass()
    }
    let gate = Gate::shut();
    let mut calls = many(2, || call(&gate));
    assert_eq!(steps(&mut calls), "-X");
    gate.let_out(1);
    assert_eq!(step(&mut calls[0]), 'S');
    gate.let_out(1);
    assert_eq!(call(&gate).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_future_that_was_never_polled_holds_no_place() {
    #[bulkhead(1)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let _unpolled = call(&gate);
    gate.let_out(1);
    assert_eq!(call(&gate).await, Ok(()));
}

#[test]
fn the_refusal_says_who_and_how_many() {
    #[bulkhead("limit.text", 1)]
    fn call(inside: &dyn Fn()) -> Answer {
        inside();
        Ok(())
    }
    call(&|| {
        let refused = call(&|| ()).unwrap_err();
        assert_eq!(refused.to_string(), "bulkhead `limit.text` is full: 1 call is in flight");
        assert_eq!((refused.policy(), refused.retry_after()), ("limit.text", None));
    })
    .unwrap();
}

#[tokio::test(start_paused = true)]
async fn it_may_be_changed_while_it_runs() {
    #[bulkhead("limit.live", 1)]
    async fn call(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(3, || call(&gate));
    assert_eq!(step(&mut calls[0]), '-');
    policies().bulkhead("limit.live").unwrap().set_limit(2).unwrap();
    assert_eq!(steps(&mut calls[1..]), "-X");
}
