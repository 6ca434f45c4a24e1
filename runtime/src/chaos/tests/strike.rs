use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::{Context, Waker},
    time::Duration,
};

use crate::{
    Error, Kind,
    chaos::{Chaos, ChaosConfig, Fate, Fault, Strike},
    clock::{self, ManualClock},
    deadline,
};

const SECOND: Duration = Duration::from_secs(1);

fn on(config: ChaosConfig) -> Chaos {
    let chaos = config.build("chaos.strike").unwrap();
    chaos.enable();
    chaos
}

#[test]
fn a_late_sync_call_waits_on_the_policies_clock_and_then_runs() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let chaos = on(ChaosConfig::new().latency(SECOND).latency_rate(1.0));
    let start = clock::now();
    assert_eq!(chaos.call(|| Ok::<_, Error>(clock::now().saturating_since(start))), Ok(SECOND));
    assert_eq!(chaos.injected(Fault::Latency), 1);
}

#[tokio::test(start_paused = true)]
async fn a_late_async_call_that_fails_does_so_when_its_time_is_up() {
    let chaos = on(ChaosConfig::new().latency(SECOND).latency_rate(1.0).error_rate(1.0));
    let start = clock::now();
    let answer = chaos.call_async(|| async { Ok::<_, Error>(1) }).await;
    assert_eq!((answer.unwrap_err().kind(), clock::now().saturating_since(start)), (Kind::Injected, SECOND));
}

#[test]
fn a_panic_says_whose_it_is() {
    let chaos = on(ChaosConfig::new().panic_rate(1.0));
    let panicked = catch_unwind(AssertUnwindSafe(|| chaos.call(|| Ok::<_, Error>(1)))).unwrap_err();
    assert_eq!(panicked.downcast_ref::<String>().unwrap(), "chaos `chaos.strike` made call 1 panic");
    assert_eq!(chaos.injected(Fault::Panic), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_async_call_never_answers_and_a_sync_one_fails() {
    let chaos = on(ChaosConfig::new().drop_rate(1.0));
    let call = chaos.call_async(|| async { Ok::<_, Error>(1) });
    assert!(tokio::time::timeout(SECOND * 86_400, call).await.is_err());
    assert_eq!(chaos.injected(Fault::Drop), 1);
    assert_eq!(chaos.call(|| Ok::<_, Error>(1)).unwrap_err().kind(), Kind::Injected);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_to_hang_so_long_ends_with_a_limit_or_panics_and_says_why() {
    let chaos: &'static Chaos = Box::leak(Box::new(Chaos::builder().build("chaos.patience").unwrap()));
    let _directing = chaos.direct(|| Some(Fate::hang_at_most(SECOND * 10)));
    let call = || chaos.call_async(|| async { Ok::<_, Error>(1) });
    assert!(tokio::time::timeout(SECOND * 9, call()).await.is_err());
    let start = clock::now();
    let told = tokio::spawn(deadline::scope(SECOND * 20, call())).await.unwrap_err().into_panic();
    let told = told.downcast_ref::<String>().unwrap();
    assert!(told.starts_with("chaos `chaos.patience` let call 2 hang, as the test wants it"), "{told}");
    assert_eq!(clock::now().saturating_since(start), SECOND * 30);
    assert_eq!(chaos.injected(Fault::Drop), 2);
    assert_eq!(chaos.call(|| Ok::<_, Error>(1)).unwrap_err().kind(), Kind::Injected);
}

#[tokio::test(start_paused = true)]
async fn after_the_body_its_work_is_done_and_its_answer_lost() {
    let chaos = on(ChaosConfig::new().error_rate(1.0).after());
    let mut done = 0;
    let lost = chaos.call_async(|| async {
        done += 1;
        Ok::<_, Error>(())
    });
    assert!(lost.await.is_err());
    let lost = chaos.call_with(
        |_| "lost",
        || {
            done += 1;
            Ok(())
        },
    );
    assert_eq!((lost, done), (Err("lost"), 2));
    let before = on(ChaosConfig::new().error_rate(1.0));
    assert!(before.call(|| -> Result<(), Error> { unreachable!() }).is_err());
}

#[tokio::test]
async fn a_director_may_be_asked_by_calls_side_by_side() {
    let chaos = Chaos::builder().build("chaos.side").unwrap();
    let _directing = chaos.direct(|| Some(Fate::fail()));
    let call = || chaos.call_async_with(|_| 7, || async { Ok(()) });
    assert_eq!(tokio::join!(call(), call()), (Err(7), Err(7)));
}

#[test]
fn a_strike_is_one_word_and_nothing_where_nothing_is_to_be_done() {
    assert_eq!(size_of::<Strike<'_>>(), size_of::<usize>());
    let chaos = Chaos::builder().build("chaos.nothing").unwrap();
    let mut strike = pin!(chaos.strike_async());
    assert!(strike.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
}
