//! However a call ends, its place is free again.

use std::panic::{AssertUnwindSafe, catch_unwind};

use mainstay::adaptive_limit;
use mainstay_testkit::{Stepper, drop_at_every_await};

use crate::support::{Answer, Failure, ms, of};

#[test]
fn after_an_error_an_early_return_and_a_panic() {
    #[adaptive_limit("leave.sync", initial = 1)]
    fn call(how: u8) -> Answer {
        match how {
            0 => return Ok(1),
            1 => Err(Failure::Down)?,
            _ => panic!("in the body"),
        }
        Ok(2)
    }
    for how in 0..3 {
        let _ = catch_unwind(AssertUnwindSafe(|| call(how)));
        assert_eq!(of("leave.sync").in_flight(), 0, "{how}");
    }
}

#[tokio::test(start_paused = true)]
async fn wherever_its_future_is_dropped() {
    #[adaptive_limit("leave.dropped", initial = 1)]
    async fn call() -> Answer {
        tokio::time::sleep(ms(1)).await;
        tokio::time::sleep(ms(1)).await;
        Ok(1)
    }
    let check = |polls| assert_eq!(of("leave.dropped").in_flight(), 0, "after {polls}");
    drop_at_every_await(ms(1), call, check).await;
    let mut held = Stepper::new(call());
    assert!(held.poll().is_pending());
    assert_eq!(of("leave.dropped").in_flight(), 1);
    drop(held);
    assert_eq!((of("leave.dropped").in_flight(), of("leave.dropped").overload_count()), (0, 0));
}
