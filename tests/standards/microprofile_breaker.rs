//! MicroProfile Fault Tolerance, circuit breaker. Its `requestVolumeThreshold` is our `window`, its `failureRatio` our
//! `failure_rate`, its `delay` our `timeout`. Each script ends where the rule says how often the body runs: one call more
//! would panic.

use std::time::Duration;

use mainstay::circuit_breaker;

use crate::support::*;

/// CB-01, CB-05.
#[tokio::test(start_paused = true)]
async fn a_full_window_of_failures_opens_it() {
    for call in twins!(#[circuit_breaker(failure_rate = 0.75, window = 4, timeout = "50s")]) {
        let up = upstream("FFFF");
        assert_eq!(call.times(7, &up).await, "FFFFooo");
        assert_eq!(up.calls(), 4);
    }
}

/// CB-02, CB-07.
#[tokio::test(start_paused = true)]
async fn it_closes_again_and_nobody_is_refused_when_the_wait_is_over() {
    for call in twins!(#[circuit_breaker(failure_rate = 0.75, window = 4, timeout = "1ms")]) {
        let up = upstream("FFFF SSS");
        assert_eq!(call.times(4, &up).await, "FFFF");
        call.wait(ms(500)).await;
        assert_eq!(call.times(3, &up).await, "SSS");
        assert_eq!(up.calls(), 7);
    }
}

/// CB-x01.
#[tokio::test(start_paused = true)]
async fn one_success_closes_it_where_one_is_asked_for_and_the_window_starts_empty() {
    for call in
        twins!(#[circuit_breaker(failure_rate = 0.75, window = 4, success_threshold = 1, timeout = "1s")])
    {
        let up = upstream("FFFF SFFFF");
        assert_eq!(call.times(5, &up).await, "FFFFo");
        call.wait(SECOND * 2).await;
        assert_eq!(call.times(6, &up).await, "SFFFFo");
        assert_eq!(up.calls(), 9);
    }
}

/// CB-04.
#[tokio::test(start_paused = true)]
async fn two_successes_of_three_do_not_close_it() {
    for call in
        twins!(#[circuit_breaker(failure_rate = 0.75, window = 4, success_threshold = 3, timeout = "1s")])
    {
        let up = upstream("FFFF SSF");
        assert_eq!(call.times(5, &up).await, "FFFFo");
        call.wait(SECOND * 2).await;
        assert_eq!(call.times(4, &up).await, "SSFo");
        assert_eq!(up.calls(), 7);
    }
}

/// CB-x02.
#[tokio::test(start_paused = true)]
async fn a_rate_of_one_opens_when_all_of_the_window_failed() {
    for call in twins!(#[circuit_breaker(failure_rate = 1.0, window = 2, timeout = "50s")]) {
        assert_eq!(call.times(8, &upstream("FSFSFSFS")).await, "FSFSFSFS");
        assert_eq!(call.times(7, &upstream("FF")).await, "FFooooo");
    }
}

/// CB-08.
#[tokio::test(start_paused = true)]
async fn a_success_that_completes_the_window_opens_it() {
    for call in twins!(#[circuit_breaker(failure_rate = 0.5, window = 4)]) {
        let up = upstream("SFFS");
        assert_eq!(call.times(5, &up).await, "SFFSo");
        assert_eq!(up.calls(), 4);
    }
}

/// CB-x03.
#[tokio::test(start_paused = true)]
async fn the_window_rolls_and_is_judged_after_each_call_once_it_is_full() {
    for call in twins!(#[circuit_breaker(failure_rate = 0.5, window = 4)]) {
        // The last four are SFSS, FSSS, SSSF and then SSFF, which is half.
        assert_eq!(call.times(8, &upstream("SFSSSFF")).await, "SFSSSFFo");
    }
}

/// CB-10, CB-18.
#[tokio::test(start_paused = true)]
async fn a_window_that_is_not_full_is_not_judged() {
    for call in twins!(#[circuit_breaker(failure_rate = 0.75, window = 4)]) {
        let up = upstream("FFFF");
        assert_eq!(call.times(4, &up).await, "FFFF", "the fourth got through");
        assert_eq!(call.times(1, &up).await, "o");
    }
}

/// CB-11.
#[tokio::test(start_paused = true)]
async fn the_success_that_closes_it_is_not_in_the_new_window() {
    for call in
        twins!(#[circuit_breaker(failure_rate = 0.75, window = 4, success_threshold = 1, timeout = "1s")])
    {
        let up = upstream("SFFF SSFFF");
        assert_eq!(call.times(5, &up).await, "SFFFo");
        call.wait(SECOND * 2).await;
        assert_eq!(call.times(6, &up).await, "SSFFFo");
        assert_eq!(up.calls(), 9);
    }
}

/// CB-12.
#[tokio::test(start_paused = true)]
async fn a_late_success_opens_it_when_the_window_is_bad_enough() {
    for call in
        twins!(#[circuit_breaker(failure_rate = 0.75, window = 4, success_threshold = 1, timeout = "1s")])
    {
        let up = upstream("FFFS SFFFS");
        assert_eq!(call.times(5, &up).await, "FFFSo");
        call.wait(SECOND * 2).await;
        assert_eq!(call.times(6, &up).await, "SFFFSo");
        assert_eq!(up.calls(), 9);
    }
}

/// CB-15.
#[tokio::test(start_paused = true)]
async fn only_listed_failures_count() {
    for call in twins!(#[circuit_breaker(failure_rate = 0.5, window = 2, failure_on(E::Busy))]) {
        assert_eq!(call.times(4, &upstream("FFFF")).await, "FFFF");
        assert_eq!(call.times(3, &upstream("B")).await, "Boo", "one of the last two");
    }
}

/// CB-x04: `skipOn`.
#[tokio::test(start_paused = true)]
async fn an_ignored_error_does_not_open_it_and_takes_no_place_in_the_window() {
    for call in twins!(#[circuit_breaker(failure_rate = 1.0, window = 2, ignore_on(E::Busy))]) {
        assert_eq!(call.times(7, &upstream("BBBFBF")).await, "BBBFBFo");
    }
}

/// CB-x05: `failureRatio`.
#[tokio::test(start_paused = true)]
async fn a_rate_just_below_the_ratio_does_not_open_it() {
    for call in twins!(#[circuit_breaker(failure_rate = 0.8, window = 10)]) {
        assert_eq!(call.times(10, &upstream("SSSFFFFFFF")).await, "SSSFFFFFFF", "0.7");
        assert_eq!(call.times(2, &upstream("F")).await, "Fo", "0.8");
    }
}

/// CB-17, CB-14: the source polls and allows from 800 to 2000 ms.
#[tokio::test(start_paused = true)]
async fn it_refuses_for_exactly_its_time() {
    for call in twins!(#[circuit_breaker(failure_rate = 0.5, window = 2, timeout = "1s")]) {
        assert_eq!(call.times(3, &upstream("FF")).await, "FFo");
        call.wait(ms(999)).await;
        assert_eq!(call.once(&upstream("")).await, 'o');
        call.wait(ms(1)).await;
        assert_eq!(call.once(&upstream("S")).await, 'S');
    }
}

/// CB-20.
#[tokio::test(start_paused = true)]
async fn a_window_of_ten_needs_ten_again_after_it_closed() {
    for call in
        twins!(#[circuit_breaker(failure_rate = 0.5, window = 10, success_threshold = 2, timeout = "1s")])
    {
        assert_eq!(call.times(11, &upstream("FFFFFFFFFF")).await, "FFFFFFFFFFo");
        call.wait(SECOND).await;
        assert_eq!(call.times(2, &upstream("SS")).await, "SS");
        assert_eq!(call.times(11, &upstream("FFFFFFFFFF")).await, "FFFFFFFFFFo");
        call.wait(SECOND).await;
        assert_eq!(call.times(3, &upstream("SF")).await, "SFo");
    }
}

/// Two types with a method of the same name, and a type with two methods.
struct Orders;
struct Bills;

impl Orders {
    #[circuit_breaker(failure_rate = 0.5, window = 8)]
    fn send(&self) -> Answer {
        Err(E::Down)
    }

    #[circuit_breaker(failure_rate = 0.5, window = 8)]
    fn cancel(&self) -> Answer {
        Err(E::Down)
    }
}

impl Bills {
    #[circuit_breaker(failure_rate = 0.5, window = 8)]
    fn send(&self) -> Answer {
        Err(E::Down)
    }
}

/// CB-21, CB-22.
#[test]
fn state_belongs_to_the_function_and_is_shared_by_all_instances() {
    let instances = [Orders, Orders, Orders, Orders];
    let round =
        |call: &dyn Fn(&Orders) -> Answer| instances.iter().map(|one| letter(&call(one))).collect::<String>();
    assert_eq!((round(&Orders::send), round(&Orders::send)), ("FFFF".into(), "FFFF".into()));
    assert_eq!(round(&Orders::send), "oooo");
    assert_eq!((round(&Orders::cancel), round(&Orders::cancel)), ("FFFF".into(), "FFFF".into()));
    assert_eq!(round(&Orders::cancel), "oooo", "by its own eight");
    assert_eq!((0..9).map(|_| letter(&Bills.send())).collect::<String>(), "FFFFFFFFo");
}

/// CB-x06: in MicroProfile half of twenty calls, for five seconds, until one success (decision 0018).
#[tokio::test(start_paused = true)]
async fn without_options_five_failures_in_a_row_open_it_for_a_minute_and_two_successes_close_it() {
    for call in twins!(#[circuit_breaker]) {
        assert_eq!(call.times(11, &upstream("FFFFSFFFFF")).await, "FFFFSFFFFFo");
        call.wait(Duration::from_secs(59)).await;
        assert_eq!(call.once(&upstream("")).await, 'o');
        call.wait(SECOND).await;
        assert_eq!(call.times(3, &upstream("SFF")).await, "SFo");
        call.wait(SECOND * 60).await;
        assert_eq!(call.times(6, &upstream("SSFFFF")).await, "SSFFFF");
    }
}
