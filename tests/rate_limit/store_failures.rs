use std::sync::LazyLock;

use mainstay::{
    Error, Kind, observe::Event, policies, rate_limit, rate_limit::OnStoreError, rate_limit::Rate,
    rate_limit::RateLimitConfig, store::StoreErrorKind,
};
use mainstay_testkit::Recorder;

use crate::{
    stores::InProcess,
    support::{Answer, ms, wait_of},
};

fn failing() -> InProcess {
    let store = InProcess::default();
    store.fail(true);
    store
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_this_process_decides_by_default() {
    static STORE: LazyLock<InProcess> = LazyLock::new(failing);
    for call in twins!("2/s", store = &*STORE) {
        assert_eq!(call.waits(3).await, [0.0, 0.0, 500.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_this_process_has_the_same_options() {
    static STORE: LazyLock<InProcess> = LazyLock::new(failing);
    #[rate_limit(
        "fail.options", "1/s", burst = 2, initial = 1, key = user, max_wait = "1s", store = &*STORE,
        on_store_error = local
    )]
    async fn call(user: &str) -> Answer {
        Ok(())
    }
    let start = tokio::time::Instant::now();
    call("ann").await.unwrap();
    call("bob").await.unwrap();
    assert_eq!(start.elapsed(), ms(0));
    call("ann").await.unwrap();
    assert_eq!(start.elapsed(), ms(1000), "it waits there");
    let limit = policies().shared_limit("fail.options").unwrap();
    assert_eq!((limit.admitted_count(), limit.rejected_count(), limit.store_failure_count()), (3, 0, 3));
}

#[tokio::test(start_paused = true)]
async fn an_open_limit_admits_and_a_closed_one_refuses() {
    static STORE: LazyLock<InProcess> = LazyLock::new(failing);
    for call in twins!("1/s", store = &*STORE, on_store_error = open) {
        assert_eq!(call.waits(3).await, [0.0; 3]);
    }
    for call in twins!("1/s", store = &*STORE, on_store_error = closed) {
        let error = call.once().await.unwrap_err();
        assert_eq!((error.kind(), error.retry_after()), (Kind::Store, None));
        let Error::Store { error, .. } = error else { panic!("{error}") };
        assert_eq!(error.kind(), StoreErrorKind::Unavailable);
        assert_eq!(
            error.to_string(),
            "the store of the tests could not take: it is switched off; switch it on"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_reported_once_and_so_is_its_end() {
    static STORE: LazyLock<InProcess> = LazyLock::new(failing);
    #[rate_limit("fail.reported", "9/s", store = &*STORE)]
    async fn call() -> Answer {
        Ok(())
    }
    let events = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let _subscription = mainstay::observe::listen({
        let events = std::sync::Arc::clone(&events);
        move |event| match event {
            Event::StoreFailed { policy: "fail.reported", error, .. } => {
                events.lock().unwrap().push(error.kind().as_str());
            }
            Event::StoreRecovered { policy: "fail.reported", .. } => events.lock().unwrap().push("recovered"),
            _ => {}
        }
    });
    let limit = policies().shared_limit("fail.reported").unwrap();
    for fails in [true, true, false, false, true] {
        STORE.fail(fails);
        call().await.unwrap();
        assert_eq!(limit.is_failing(), fails);
    }
    assert_eq!(*events.lock().unwrap(), ["unavailable", "recovered", "unavailable"]);
    assert_eq!(limit.store_failure_count(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_reported_once_whoever_decides() {
    static STORE: LazyLock<InProcess> = LazyLock::new(InProcess::default);
    #[rate_limit("fail.refused", "1/h", store = &*STORE)]
    async fn call() -> Answer {
        Ok(())
    }
    let recorder = Recorder::listen();
    for fails in [false, true] {
        STORE.fail(fails);
        call().await.unwrap();
        assert_eq!(wait_of(&call().await), 3_600_000.0);
    }
    let events = recorder.events("fail.refused");
    let refusals = events.iter().filter(|event| *event == "refused: rate_limited").count();
    assert_eq!(refusals, 2, "{events:?}");
    let limit = policies().shared_limit("fail.refused").unwrap();
    assert_eq!((limit.admitted_count(), limit.rejected_count()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_while_a_call_waits_leaves_it_the_rest_of_its_patience() {
    static STORE: LazyLock<InProcess> = LazyLock::new(InProcess::default);
    let limiter = RateLimitConfig::new(Rate::per_second(1))
        .max_wait(ms(1500))
        .on_store_error(OnStoreError::Closed)
        .build_with_store("fail.waiting", &*STORE)
        .unwrap();
    limiter.try_acquire_async("", 1.0).await.unwrap();
    let mut waiting = mainstay_testkit::Stepper::new(limiter.call_async("", async { Ok::<_, Error>(()) }));
    assert!(waiting.poll().is_pending());
    STORE.fail(true);
    tokio::time::advance(ms(1000)).await;
    let std::task::Poll::Ready(answer) = waiting.poll() else { panic!("it has waited long enough") };
    assert_eq!(answer.unwrap_err().kind(), Kind::Store);
    assert_eq!(limiter.limit().waiting(), 0);
}
