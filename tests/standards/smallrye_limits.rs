//! SmallRye Fault Tolerance, the tables of its rate limit's three windows: `limit/window` in milliseconds, in some with a
//! minimum spacing. A row is a time and what each call then has to wait; 0 is admitted. The first call is at time 0, when
//! their limiter is made and our windows begin.

use std::{future::Future, pin::Pin};

use mainstay::{Error, fallback, rate_limit};
use tokio::time::{Instant, advance};

use crate::support::ms;

type Call = fn() -> Pin<Box<dyn Future<Output = Result<(), Error>>>>;

const FULL_4: &[f64] = &[0.0, 0.0, 0.0, 0.0, 100.0];

/// A function under the attributes.
macro_rules! limited {
    ($(#[$($attribute:tt)*])+) => {{
        $(#[$($attribute)*])+
        async fn call() -> Result<(), Error> {
            Ok(())
        }
        (|| Box::pin(call())) as Call
    }};
}

async fn follow(call: Call, rows: &[(u64, &[f64])]) {
    let start = Instant::now();
    for (time, expected) in rows {
        advance(ms(*time) - start.elapsed()).await;
        let mut waits = Vec::new();
        for _ in *expected {
            waits.push(match call().await {
                Ok(()) => 0.0,
                Err(error) => error.retry_after().unwrap().as_secs_f64() * 1000.0,
            });
        }
        assert_eq!(waits, *expected, "at {time} ms");
    }
}

/// RL-F1.
#[tokio::test(start_paused = true)]
async fn fixed_2_per_100() {
    let call = limited!(#[rate_limit("2/100ms", algorithm = fixed_window)]);
    follow(call, &[(0, &[0.0, 0.0, 100.0]), (50, &[50.0]), (100, &[0.0])]).await;
}

/// RL-F2.
#[tokio::test(start_paused = true)]
async fn fixed_2_per_100_with_gaps() {
    let rows: [(u64, &[f64]); 6] = [
        (0, &[0.0, 0.0, 100.0]),
        (50, &[50.0, 50.0]),
        (120, &[0.0]),
        (190, &[0.0, 10.0]),
        (210, &[0.0, 0.0, 90.0]),
        (290, &[10.0]),
    ];
    follow(limited!(#[rate_limit("2/100ms", algorithm = fixed_window)]), &rows).await;
}

/// RL-F3, RL-F4.
#[tokio::test(start_paused = true)]
async fn fixed_4_per_100() {
    let call = limited!(#[rate_limit("4/100ms", algorithm = fixed_window)]);
    follow(call, &[(0, FULL_4), (50, &[50.0]), (100, FULL_4), (200, FULL_4)]).await;
    let call = limited!(#[rate_limit("4/100ms", algorithm = fixed_window)]);
    follow(call, &[(0, FULL_4), (50, &[50.0]), (75, &[25.0]), (100, FULL_4), (200, FULL_4)]).await;
}

/// RL-F5: a minimum spacing is a second limit below the first. A call that the spacing refuses has counted for the window,
/// as there.
#[tokio::test(start_paused = true)]
async fn fixed_4_per_100_and_5_apart() {
    let call = limited!(#[rate_limit("4/100ms", algorithm = fixed_window)] #[rate_limit("1/5ms")]);
    let rows: [(u64, &[f64]); 7] = [
        (0, &[0.0, 5.0]),
        (10, &[0.0]),
        (13, &[2.0]),
        (50, &[50.0]),
        (100, &[0.0, 5.0]),
        (120, &[0.0]),
        (130, &[0.0, 70.0]),
    ];
    follow(call, &rows).await;
}

/// RL-F6.
#[tokio::test(start_paused = true)]
async fn fixed_windows_follow_one_another_through_idle_time() {
    let call = limited!(#[rate_limit("2/100ms", algorithm = fixed_window)]);
    follow(call, &[(0, &[0.0, 0.0, 100.0]), (550, &[0.0]), (1050, &[0.0, 0.0, 50.0])]).await;
}

/// RL-F7.
#[tokio::test(start_paused = true)]
async fn fixed_4_per_100_and_5_apart_with_gaps() {
    let call = limited!(#[rate_limit("4/100ms", algorithm = fixed_window)] #[rate_limit("1/5ms")]);
    let rows: [(u64, &[f64]); 7] =
        [(0, &[0.0]), (25, &[0.0]), (28, &[2.0]), (50, &[0.0]), (100, &[0.0]), (123, &[0.0]), (130, &[0.0])];
    follow(call, &rows).await;
}

/// RL-x01: theirs are counted from the making of the limiter, ours from its first call (decision 0021).
#[tokio::test(start_paused = true)]
async fn fixed_windows_begin_with_the_first_call() {
    let call = limited!(#[rate_limit("2/100ms", algorithm = fixed_window)]);
    advance(ms(30)).await;
    follow(call, &[(0, &[0.0, 0.0, 100.0]), (70, &[30.0]), (100, &[0.0])]).await;
}

/// RL-S1.
#[tokio::test(start_paused = true)]
async fn smooth_2_per_100() {
    let call = limited!(#[rate_limit("2/100ms", initial = 1)]);
    follow(call, &[(0, &[0.0, 50.0]), (50, &[0.0, 50.0]), (100, &[0.0, 50.0])]).await;
}

/// RL-S2.
#[tokio::test(start_paused = true)]
async fn smooth_2_per_100_with_gaps() {
    let call = limited!(#[rate_limit("2/100ms", initial = 1)]);
    let rows: [(u64, &[f64]); 6] = [
        (0, &[0.0, 50.0]),
        (50, &[0.0, 50.0]),
        (120, &[0.0]),
        (190, &[0.0, 10.0]),
        (210, &[0.0, 40.0]),
        (290, &[0.0, 10.0]),
    ];
    follow(call, &rows).await;
}

/// RL-S3, RL-S4: what was not used gathers up to the limit.
#[tokio::test(start_paused = true)]
async fn smooth_4_per_100() {
    let all: &[f64] = &[0.0, 0.0, 0.0, 0.0, 25.0];
    let call = limited!(#[rate_limit("4/100ms", initial = 1)]);
    follow(call, &[(0, &[0.0, 25.0]), (50, &[0.0, 0.0, 25.0]), (100, &[0.0, 0.0, 25.0]), (200, all)]).await;
    let call = limited!(#[rate_limit("4/100ms", initial = 1)]);
    let rows: [(u64, &[f64]); 5] =
        [(0, &[0.0, 25.0]), (50, &[0.0, 0.0, 25.0]), (75, &[0.0, 25.0]), (100, &[0.0, 25.0]), (200, all)];
    follow(call, &rows).await;
}

/// RL-S5: as a second limit, except that a token stays taken from the first when the second refuses (decision 0021).
/// There 120 ms find one more.
#[tokio::test(start_paused = true)]
async fn smooth_4_per_100_and_5_apart() {
    let call = limited!(#[rate_limit("4/100ms", initial = 1)] #[rate_limit("1/5ms")]);
    let rows: [(u64, &[f64]); 7] = [
        (0, &[0.0, 25.0]),
        (10, &[15.0]),
        (13, &[12.0]),
        (50, &[0.0, 5.0]),
        (100, &[0.0, 5.0]),
        (120, &[5.0]),
        (130, &[0.0, 20.0]),
    ];
    follow(call, &rows).await;
}

/// RL-S6.
#[tokio::test(start_paused = true)]
async fn smooth_2_per_100_gathers_no_more_than_the_limit() {
    let call = limited!(#[rate_limit("2/100ms", initial = 1)]);
    follow(call, &[(0, &[0.0, 50.0]), (550, &[0.0, 0.0, 50.0]), (1050, &[0.0, 0.0, 50.0])]).await;
}

/// RL-S7.
#[tokio::test(start_paused = true)]
async fn smooth_4_per_100_and_5_apart_with_gaps() {
    let call = limited!(#[rate_limit("4/100ms", initial = 1)] #[rate_limit("1/5ms")]);
    let rows: [(u64, &[f64]); 7] =
        [(0, &[0.0]), (25, &[0.0]), (28, &[22.0]), (50, &[0.0]), (100, &[0.0]), (123, &[0.0]), (130, &[0.0])];
    follow(call, &rows).await;
}

/// RL-R1, RL-R2, RL-R3, RL-R4, RL-R5, RL-R6, RL-R7. There the last calls are kept, refused ones too, and one more is admitted when the oldest is as old as
/// the window. Ours keeps two counts, of admitted calls only: the window before counts for the share of it that is still
/// within reach (decision 0021). So nobody loses by asking, and a full window fades instead of ending at once.
#[tokio::test(start_paused = true)]
async fn a_rolling_window_is_weighed_from_two_counts() {
    // R1: at 100 the two still weigh 2; half a window later 1.
    let call = limited!(#[rate_limit("2/100ms", algorithm = sliding_window)]);
    follow(call, &[(0, &[0.0, 0.0, 150.0]), (50, &[100.0]), (100, &[50.0]), (150, &[0.0])]).await;
    // R2: at 120 they weigh 1.6; what was refused at 50 weighs nothing.
    let call = limited!(#[rate_limit("2/100ms", algorithm = sliding_window)]);
    let rows: [(u64, &[f64]); 4] =
        [(0, &[0.0, 0.0, 150.0]), (50, &[100.0, 100.0]), (120, &[30.0]), (190, &[0.0, 10.0])];
    follow(call, &rows).await;
    // R3, R4: each of the four comes back after a quarter of the window.
    let call = limited!(#[rate_limit("4/100ms", algorithm = sliding_window)]);
    let rows: [(u64, &[f64]); 6] = [
        (0, &[0.0, 0.0, 0.0, 0.0, 125.0]),
        (50, &[75.0]),
        (75, &[50.0]),
        (100, &[25.0]),
        (125, &[0.0, 25.0]),
        (200, &[0.0, 0.0, 0.0, 100.0]),
    ];
    follow(call, &rows).await;
    // R6: after a window without calls it is empty.
    let call = limited!(#[rate_limit("2/100ms", algorithm = sliding_window)]);
    follow(call, &[(0, &[0.0, 0.0, 150.0]), (550, &[0.0]), (1050, &[0.0, 0.0, 100.0])]).await;
    // R5, R7: with a spacing below.
    let call = limited!(#[rate_limit("4/100ms", algorithm = sliding_window)] #[rate_limit("1/5ms")]);
    follow(call, &[(0, &[0.0, 5.0]), (10, &[0.0]), (13, &[2.0]), (50, &[75.0])]).await;
    let call = limited!(#[rate_limit("4/100ms", algorithm = sliding_window)] #[rate_limit("1/5ms")]);
    follow(call, &[(0, &[0.0]), (25, &[0.0]), (28, &[2.0]), (50, &[0.0]), (100, &[25.0]), (130, &[0.0])])
        .await;
}

/// RL-x02: what `RateLimitTest` asks of each type, besides the tables: the refusal says how long.
#[tokio::test(start_paused = true)]
async fn a_call_that_waits_as_long_as_it_was_told_is_admitted() {
    let calls = [
        limited!(#[rate_limit("2/100ms", algorithm = fixed_window)]),
        limited!(#[rate_limit("2/100ms", algorithm = sliding_window)]),
        limited!(#[rate_limit("2/100ms", initial = 1)]),
    ];
    for call in calls {
        for _ in 0..20 {
            if let Err(refused) = call().await {
                advance(refused.retry_after().unwrap()).await;
                call().await.unwrap();
            }
        }
    }
}

/// RL-I1.
#[tokio::test(start_paused = true)]
async fn of_twice_the_limit_at_once_the_rest_gets_the_fallback() {
    macro_rules! admitted {
        ($($limit:tt)*) => {{
            #[fallback(|_| Ok("fallback"))]
            #[rate_limit($($limit)*)]
            async fn call() -> Result<&'static str, Error> {
                Ok("hello")
            }
            let mut answers = tokio::task::JoinSet::new();
            (0..10).for_each(|_| drop(answers.spawn(async { call().await.unwrap() })));
            answers.join_all().await.into_iter().filter(|answer| *answer == "hello").count()
        }};
    }
    assert_eq!(admitted!("5/s", algorithm = fixed_window), 5);
    assert_eq!(admitted!("5/s", algorithm = sliding_window), 5);
    assert_eq!(admitted!("5/s", initial = 1), 1);
}
