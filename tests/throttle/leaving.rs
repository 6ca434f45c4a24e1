use std::panic::{AssertUnwindSafe, catch_unwind};

use mainstay::throttle;
use mainstay_testkit::Stepper;

use crate::support::{Answer, of};

#[tokio::test]
async fn dropped_and_panicked_calls_count_as_nothing() {
    #[throttle("leave.dropped")]
    async fn dropped() -> Answer {
        std::future::pending().await
    }
    #[throttle("leave.panicked")]
    fn panicked() -> Answer {
        panic!("in the body")
    }
    for _ in 0..50 {
        let mut call = Stepper::new(dropped());
        assert!(call.poll().is_pending());
        drop(call);
        assert!(catch_unwind(AssertUnwindSafe(panicked)).is_err());
    }
    for name in ["leave.dropped", "leave.panicked"] {
        assert_eq!(
            (of(name).accepted_count(), of(name).rejected_count(), of(name).refused_count()),
            (0, 0, 0)
        );
    }
}
