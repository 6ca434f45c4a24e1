use mainstay::{Kind, adaptive_limit};
use mainstay_testkit::Stepper;

use crate::support::{Answer, ms, of};

#[adaptive_limit("bounds.initial", initial = 2)]
async fn call(x: u32) -> Answer {
    tokio::time::sleep(ms(10)).await;
    Ok(x)
}

#[tokio::test(start_paused = true)]
async fn calls_beyond_the_limit_are_refused_at_once() {
    let (first, second, third) = tokio::join!(call(1), call(2), call(3));
    assert_eq!((first, second), (Ok(1), Ok(2)));
    assert_eq!(third.unwrap_err().kind(), Some(Kind::ConcurrencyLimited));
    assert_eq!((of("bounds.initial").admitted_count(), of("bounds.initial").rejected_count()), (2, 1));
    assert_eq!(call(4).await, Ok(4));
}

#[test]
fn a_sync_function_is_limited_too() {
    #[adaptive_limit("bounds.sync", initial = 1)]
    fn outer(deep: bool) -> Answer {
        if deep { outer(false) } else { Ok(1) }
    }
    assert_eq!(outer(false), Ok(1));
    assert_eq!(outer(true).unwrap_err().kind(), Some(Kind::ConcurrencyLimited));
    assert_eq!(of("bounds.sync").in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_limit_rises_while_calls_take_no_longer_and_stops_at_max() {
    #[adaptive_limit("bounds.max", initial = 2, max = 5)]
    async fn call() -> Answer {
        tokio::time::sleep(ms(10)).await;
        Ok(1)
    }
    for _ in 0..200 {
        let _ = tokio::join!(call(), call(), call(), call(), call());
    }
    assert_eq!(of("bounds.max").limit(), 5);
    assert_eq!((of("bounds.max").latency(), of("bounds.max").baseline()), (ms(10), ms(10)));
}

#[tokio::test(start_paused = true)]
async fn the_limit_never_falls_below_min() {
    #[adaptive_limit("bounds.min", min = 3, overload_if = |_| true)]
    async fn call() -> Answer {
        tokio::time::sleep(ms(10)).await;
        Err(crate::support::Failure::Busy)
    }
    for _ in 0..300 {
        let mut calls: Vec<_> = (0..20).map(|_| Stepper::new(call())).collect();
        calls.iter_mut().for_each(|call| drop(call.poll()));
        tokio::time::advance(ms(10)).await;
        calls.iter_mut().for_each(|call| drop(call.poll()));
    }
    assert_eq!(of("bounds.min").limit(), 3);
}
