use std::time::Duration;

use mainstay::{
    Error, chaos,
    chaos::Fault,
    clock::{self, ManualClock},
};

use crate::support::on;

const MS: Duration = Duration::from_millis(1);

#[tokio::test(start_paused = true)]
async fn a_late_call_runs_after_its_delay() {
    #[chaos("late.async", latency = "200ms", latency_rate = 1.0)]
    async fn call() -> Result<clock::Instant, Error> {
        Ok(clock::now())
    }
    let _on = on("late.async");
    let start = clock::now();
    assert_eq!(call().await.unwrap().saturating_since(start), 200 * MS);
}

#[test]
fn a_sync_call_waits_on_its_thread() {
    #[chaos("late.sync", latency = LATE, latency_rate = 1.0)]
    fn call() -> Result<(), Error> {
        Ok(())
    }
    const LATE: Duration = Duration::from_secs(3);
    let time = ManualClock::new();
    let _installed = time.install();
    let _on = on("late.sync");
    let start = time.now();
    call().unwrap();
    assert_eq!(time.now().saturating_since(start), LATE);
}

#[test]
fn with_a_most_each_late_call_draws_its_own() {
    #[chaos("late.most", latency = "100ms", latency_max = "300ms", latency_rate = 0.5, seed = 5)]
    fn call() -> Result<(), Error> {
        Ok(())
    }
    let time = ManualClock::new();
    let _installed = time.install();
    let on = on("late.most");
    let (mut least, mut most, mut late) = (Duration::MAX, Duration::ZERO, 0);
    for _ in 0..500 {
        let start = time.now();
        call().unwrap();
        let waited = time.now().saturating_since(start);
        if !waited.is_zero() {
            (least, most, late) = (least.min(waited), most.max(waited), late + 1);
        }
    }
    assert!(least >= 100 * MS && least < 110 * MS, "{least:?}");
    assert!(most <= 300 * MS && most > 290 * MS, "{most:?}");
    assert_eq!(on.0.injected(Fault::Latency), late);
    assert!((200..300).contains(&late), "{late}");
}
