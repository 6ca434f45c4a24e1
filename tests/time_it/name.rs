use std::time::Duration;

use mainstay::{retry, time_it};

use crate::scraped;

#[tokio::test(start_paused = true)]
async fn dots_are_mapped_and_the_unit_is_added() {
    #[time_it("database.query")]
    async fn query(rows: u32) -> Vec<u32> {
        tokio::time::sleep(Duration::from_millis(30)).await;
        (0..rows).collect()
    }
    assert_eq!(query(2).await.len(), 2);
    assert_eq!(scraped("database_query_seconds_sum"), ["database_query_seconds_sum 0.03"]);
    assert_eq!(scraped("# TYPE database_query"), ["# TYPE database_query_seconds histogram"]);
}

#[test]
fn module_path_and_function_are_the_name_by_default() {
    #[time_it]
    fn nameless() -> u32 {
        7
    }
    assert_eq!(nameless(), 7);
    assert_eq!(scraped("time_it__name__nameless_seconds_count"), ["time_it__name__nameless_seconds_count 1"]);
}

#[test]
fn functions_under_one_name_share_a_histogram_and_a_name_of_something_else_measures_for_nobody() {
    #[time_it("shared.work_seconds")]
    fn one() {}
    #[time_it("shared.work")]
    fn other() {}
    one();
    other();
    assert_eq!(scraped("shared_work_seconds_count"), ["shared_work_seconds_count 2"]);

    mainstay::metrics::registry().counter("taken_seconds", "Something else.").unwrap();
    #[time_it("taken")]
    fn taken() -> u32 {
        3
    }
    assert_eq!(taken(), 3);
    assert_eq!(scraped("taken_seconds"), ["taken_seconds_total 0"]);
}

#[tokio::test(start_paused = true)]
async fn in_a_stack_it_times_what_stands_below_it() {
    #[time_it("stack.outside")]
    #[retry(max_attempts = 2, initial_delay = "1s", jitter = none)]
    #[time_it("stack.inside")]
    async fn twice() -> Result<(), mainstay::Error> {
        Err(mainstay::Error::timed_out("x", Duration::ZERO))
    }
    twice().await.unwrap_err();
    assert_eq!(scraped("stack_outside_seconds_sum"), ["stack_outside_seconds_sum 1"]);
    assert_eq!(scraped("stack_inside_seconds_count"), ["stack_inside_seconds_count 2"]);
}
