use mainstay::{Error, metered};

use crate::support::{ms, scraped};

fn bounds(function: &str) -> Vec<String> {
    let lines = scraped(function);
    let of = |line: &String| Some(line.split_once("le=\"")?.1.split_once('"')?.0.to_owned());
    lines.iter().filter_map(of).collect()
}

#[tokio::test(start_paused = true)]
async fn durations_fall_into_the_buckets_that_are_named() {
    #[metered("buckets.own", buckets = ["10ms", 0.1, 1])]
    async fn own(millis: u64) -> Result<(), Error> {
        tokio::time::sleep(ms(millis)).await;
        Ok(())
    }
    for millis in [10, 11, 2000] {
        own(millis).await.unwrap();
    }
    assert_eq!(bounds("buckets.own"), ["0.01", "0.1", "1.0", "+Inf"]);
    let lines = scraped("buckets.own");
    for (le, count) in [("0.01", 1), ("0.1", 2), ("1.0", 2), ("+Inf", 3)] {
        let line = format!("duration_seconds_bucket{{@,le=\"{le}\"}} {count}");
        assert!(lines.contains(&line), "no `{line}` in {lines:#?}");
    }
}

#[test]
fn buckets_may_be_a_constant() {
    const FINE: &[f64] = &[0.000_001, 0.000_01];
    #[metered("buckets.constant", buckets = FINE)]
    fn quick() {}
    quick();
    assert_eq!(bounds("buckets.constant"), ["1e-6", "0.00001", "+Inf"]);
}

#[test]
fn without_the_option_they_go_from_five_milliseconds_to_ten_seconds() {
    #[metered("buckets.default")]
    fn usual() {}
    usual();
    let bounds = bounds("buckets.default");
    assert_eq!((bounds.len(), bounds[0].as_str(), bounds[13].as_str()), (15, "0.005", "10.0"));
}
