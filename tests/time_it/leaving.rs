use std::panic::AssertUnwindSafe;

use mainstay::time_it;
use mainstay_testkit::Stepper;

use crate::scraped;

#[tokio::test]
async fn drops_and_panics_are_timed_too() {
    #[time_it("leaving.dropped")]
    async fn forever() {
        std::future::pending().await
    }
    #[time_it("leaving.panicked")]
    fn panics() {
        panic!("on purpose")
    }
    let mut call = Stepper::new(forever());
    assert!(call.poll().is_pending());
    drop(call);
    assert!(std::panic::catch_unwind(AssertUnwindSafe(panics)).is_err());
    assert_eq!(scraped("leaving_dropped_seconds_count"), ["leaving_dropped_seconds_count 1"]);
    assert_eq!(scraped("leaving_panicked_seconds_count"), ["leaving_panicked_seconds_count 1"]);
}
