//! However a call ends, its place is free again.

use std::panic::{AssertUnwindSafe, catch_unwind};

use mainstay::{Error, bulkhead, policies, timeout};
use mainstay_testkit::{Stepper, drop_at_every_await};

use crate::support::{Answer, Gate, letter, ms};

fn in_flight(name: &str) -> (u32, u32) {
    let bulkhead = policies().bulkhead(name).unwrap();
    (bulkhead.in_flight(), bulkhead.waiting())
}

#[test]
fn after_an_error_an_early_return_and_a_question_mark() {
    #[bulkhead("leave.returns", 1)]
    fn call(how: u8) -> Answer {
        let failed = Err(Error::timed_out("upstream", ms(0)));
        match how {
            0 => return failed,
            1 => failed?,
            _ => {}
        }
        Ok(())
    }
    for how in [0, 1, 2, 0, 1, 2] {
        assert_eq!(call(how).is_ok(), how == 2);
        assert_eq!(in_flight("leave.returns"), (0, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_panic() {
    #[bulkhead("leave.panic", 1)]
    fn call() -> Answer {
        panic!("inside")
    }
    #[bulkhead("leave.panic", 1)]
    async fn call_async() -> Answer {
        tokio::task::yield_now().await;
        panic!("inside")
    }
    assert!(catch_unwind(call).is_err());
    assert_eq!(in_flight("leave.panic"), (0, 0));
    let mut panicking = Stepper::new(call_async());
    assert!(panicking.poll().is_pending());
    assert_eq!(in_flight("leave.panic"), (1, 0));
    assert!(catch_unwind(AssertUnwindSafe(|| panicking.poll())).is_err());
    assert_eq!(in_flight("leave.panic"), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn after_a_drop_at_any_await_inside_or_in_the_queue() {
    #[bulkhead("leave.drop", 1, max_wait = "10s")]
    async fn call() -> Answer {
        tokio::time::sleep(ms(1000)).await;
        tokio::task::yield_now().await;
        Ok(())
    }
    let three_at_once = || async { tokio::join!(call(), call(), call()) };
    let polls = drop_at_every_await(ms(500), three_at_once, |polls| {
        assert_eq!(in_flight("leave.drop"), (0, 0), "after {polls} polls");
    })
    .await;
    assert!(polls > 6, "they took turns: {polls}");
}

#[tokio::test(start_paused = true)]
async fn after_a_time_out_above_and_below() {
    #[timeout("1s")]
    #[bulkhead("leave.cut", 1)]
    async fn cut(gate: &Gate) -> Answer {
        gate.pass().await
    }
    #[bulkhead("leave.cut_below", 1)]
    #[timeout("1s")]
    async fn cut_below(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    for _ in 0..2 {
        assert_eq!((letter(&cut(&gate).await), letter(&cut_below(&gate).await)), ('T', 'T'));
    }
    assert_eq!(
        (in_flight("leave.cut"), in_flight("leave.cut_below"), gate.probe.inside()),
        ((0, 0), (0, 0), 0)
    );
}
