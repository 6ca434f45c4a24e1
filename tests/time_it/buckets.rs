use mainstay::time_it;

use crate::scraped;

#[test]
fn durations_fall_into_the_buckets_that_are_named() {
    #[time_it("buckets.named", buckets = ["1s", "2s"])]
    fn named() {}
    named();
    assert_eq!(
        scraped("buckets_named_seconds_bucket"),
        [
            "buckets_named_seconds_bucket{le=\"1.0\"} 1",
            "buckets_named_seconds_bucket{le=\"2.0\"} 1",
            "buckets_named_seconds_bucket{le=\"+Inf\"} 1",
        ]
    );
}
