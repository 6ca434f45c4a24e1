//! What a call tells about the load.

use mainstay::{Error, adaptive_limit, bulkhead, timeout};

use crate::support::{Answer, Failure, ms, of};

#[tokio::test(start_paused = true)]
async fn time_outs_further_in_and_further_out_are_overload() {
    #[adaptive_limit("overload.inner")]
    #[timeout("10ms")]
    async fn inner() -> Answer {
        std::future::pending().await
    }
    #[timeout("10ms")]
    #[adaptive_limit("overload.outer")]
    async fn outer() -> Answer {
        std::future::pending().await
    }
    for _ in 0..3 {
        inner().await.unwrap_err();
        outer().await.unwrap_err();
    }
    assert_eq!((of("overload.inner").overload_count(), of("overload.outer").overload_count()), (3, 3));
}

#[test]
fn a_full_bulkhead_further_in_is_overload() {
    #[adaptive_limit("overload.bulkhead")]
    #[bulkhead("overload.full", 1)]
    fn call(inside: &dyn Fn()) -> Answer {
        inside();
        Ok(1)
    }
    call(&|| assert!(call(&|| ()).is_err())).unwrap();
    assert_eq!(of("overload.bulkhead").overload_count(), 1);
}

#[test]
fn an_error_says_by_its_class_whether_it_is_overload() {
    #[adaptive_limit("overload.class")]
    fn call(answer: Answer) -> Answer {
        answer
    }
    call(Err(Failure::Down)).unwrap_err();
    call(Err(Failure::Policy(Error::circuit_open("below", None)))).unwrap_err();
    assert_eq!(of("overload.class").overload_count(), 0);
    call(Err(Failure::Busy)).unwrap_err();
    assert_eq!(of("overload.class").overload_count(), 1);
}

#[test]
fn options_that_name_the_errors_take_the_place_of_the_class() {
    #[adaptive_limit("overload.on", overload_on(Failure::Down))]
    fn on(answer: Answer) -> Answer {
        answer
    }
    #[adaptive_limit("overload.if", overload_if = |error| *error == Failure::Down)]
    fn asked(answer: Answer) -> Answer {
        answer
    }
    for call in [on, asked] {
        call(Err(Failure::Busy)).unwrap_err();
        call(Err(Failure::Down)).unwrap_err();
        call(Ok(1)).unwrap();
    }
    assert_eq!((of("overload.on").overload_count(), of("overload.if").overload_count()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn time_outs_lower_the_limit() {
    #[adaptive_limit("overload.lower", initial = 20)]
    #[timeout("50ms")]
    async fn call(takes: u64) -> Answer {
        tokio::time::sleep(ms(takes)).await;
        Ok(1)
    }
    for _ in 0..20 {
        let mut calls: Vec<_> = (0..20).map(|_| mainstay_testkit::Stepper::new(call(100))).collect();
        calls.iter_mut().for_each(|call| drop(call.poll()));
        tokio::time::advance(ms(51)).await;
        calls.iter_mut().for_each(|call| drop(call.poll()));
    }
    assert!(of("overload.lower").limit() < 10, "{:?}", of("overload.lower"));
}
