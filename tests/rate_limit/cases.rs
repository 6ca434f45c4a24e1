//! Rows of SmallRye's rate limits (CASES.md): limit/window in milliseconds, and at each time what each call waits.
//! Its FIXED is our fixed window; its SMOOTH without a spacing of its own is a bucket of one where the calls are on
//! time. Its ROLLING keeps a log of all calls, our sliding window weighs two counts: those rows are not ours.

use crate::support::Twin;

async fn follow(call: &Twin, rows: &[(u64, &[f64])]) {
    let mut at = 0;
    for (time, expected) in rows {
        call.pass(time - at).await;
        at = *time;
        assert_eq!(call.waits(expected.len()).await, *expected, "at {time} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn rl_f1_fixed_2_per_100() {
    for call in twins!("2/100ms", algorithm = fixed_window) {
        follow(&call, &[(0, &[0.0, 0.0, 100.0]), (50, &[50.0]), (100, &[0.0])]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn rl_f2_fixed_2_per_100_with_gaps() {
    for call in twins!("2/100ms", algorithm = fixed_window) {
        let rows: [(u64, &[f64]); 6] = [
            (0, &[0.0, 0.0, 100.0]),
            (50, &[50.0, 50.0]),
            (120, &[0.0]),
            (190, &[0.0, 10.0]),
            (210, &[0.0, 0.0, 90.0]),
            (290, &[10.0]),
        ];
        follow(&call, &rows).await;
    }
}

#[tokio::test(start_paused = true)]
async fn rl_f4_fixed_4_per_100() {
    for call in twins!("4/100ms", algorithm = fixed_window) {
        let full: &[f64] = &[0.0, 0.0, 0.0, 0.0, 100.0];
        follow(&call, &[(0, full), (50, &[50.0]), (75, &[25.0]), (100, full), (200, full)]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn rl_s1_smooth_2_per_100() {
    for call in twins!("2/100ms", burst = 1) {
        follow(&call, &[(0, &[0.0, 50.0]), (50, &[0.0, 50.0]), (100, &[0.0, 50.0])]).await;
    }
}
