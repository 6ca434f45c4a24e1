use mainstay::{Kind, bulkhead::Bulkhead, tower::BulkheadLayer};
use mainstay_testkit::{Step, Stepper};
use tower::{Layer, Service, ServiceExt};

use crate::support::{Backend, SECOND, is_ready, kind, name};

fn of_one() -> &'static Bulkhead {
    Bulkhead::builder(1).register(name("bulkhead")).unwrap()
}

fn with_a_queue() -> &'static Bulkhead {
    Bulkhead::builder(1).max_queue(1).max_wait(SECOND).register(name("bulkhead")).unwrap()
}

#[tokio::test]
async fn a_call_has_the_place_that_its_service_has_taken() {
    let bulkhead = of_one();
    let backend = Backend::always(Step::ok(7));
    let mut service = BulkheadLayer::of(bulkhead).layer(backend.clone());
    assert!(is_ready(&mut service) && is_ready(&mut service));
    assert_eq!(bulkhead.in_flight(), 1);
    let call = service.call(1);
    assert_eq!(bulkhead.in_flight(), 1);
    assert_eq!(call.await, Ok(7));
    assert_eq!((bulkhead.in_flight(), bulkhead.admitted_count(), backend.calls()), (0, 1, 1));
}

#[tokio::test]
async fn a_place_that_is_not_used_is_given_back_with_the_service_and_clones_have_none() {
    let bulkhead = of_one();
    let mut service = BulkheadLayer::of(bulkhead).layer(Backend::always(Step::ok(7)));
    assert!(is_ready(&mut service));
    let mut clone = service.clone();
    assert!(is_ready(&mut clone));
    // The clone was ready to refuse.
    assert_eq!(kind(&clone.call(1).await), Some(Kind::BulkheadFull));
    drop(service);
    assert_eq!(bulkhead.in_flight(), 0);
    assert_eq!(clone.ready().await.unwrap().call(1).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_place_is_not_ready_and_leaves_the_queue_when_dropped() {
    let bulkhead = with_a_queue();
    let backend = Backend::always(Step::ok(7));
    let layer = BulkheadLayer::of(bulkhead);
    let mut first = layer.layer(backend.clone());
    let mut second = layer.layer(backend.clone());
    assert!(is_ready(&mut first));
    assert!(!is_ready(&mut second) && !is_ready(&mut second));
    assert_eq!(bulkhead.waiting(), 1);
    // A clone stands in no queue.
    drop(second.clone());
    assert_eq!(bulkhead.waiting(), 1);
    drop(second);
    assert_eq!(bulkhead.waiting(), 0);

    let mut third = layer.layer(backend.clone());
    assert!(!is_ready(&mut third));
    assert_eq!(first.call(1).await, Ok(7));
    assert!(is_ready(&mut third));
    assert_eq!(third.call(2).await, Ok(7));
    assert_eq!((bulkhead.in_flight(), backend.requests()), (0, vec![1, 2]));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_up_is_a_refusal_and_the_service_is_not_called() {
    let backend = Backend::always(Step::hang());
    let service = BulkheadLayer::of(with_a_queue()).layer(backend.clone());
    let mut holding = Stepper::new(service.clone().oneshot(1));
    assert!(holding.poll().is_pending());
    assert_eq!(kind(&service.clone().oneshot(2).await), Some(Kind::BulkheadFull));
    assert_eq!(backend.requests(), [1]);
    drop(holding);
    let mut next = Stepper::new(service.oneshot(3));
    assert!(next.poll().is_pending());
    assert_eq!(backend.requests(), [1, 3]);
}

#[tokio::test]
async fn a_service_that_is_not_ready_is_not_called_and_the_place_waits_with_it() {
    let bulkhead = of_one();
    let backend = Backend::always(Step::ok(7));
    let mut service = BulkheadLayer::of(bulkhead).layer(backend.clone());
    backend.hold_back();
    assert!(!is_ready(&mut service));
    assert_eq!(bulkhead.in_flight(), 1);
    backend.let_go();
    assert_eq!(service.ready().await.unwrap().call(1).await, Ok(7));
    assert_eq!(backend.calls(), 1);
}

#[tokio::test]
async fn who_calls_without_asking_is_let_in_where_there_is_a_free_place() {
    let bulkhead = of_one();
    let mut service = BulkheadLayer::of(bulkhead)
        .layer(tower::service_fn(|n: u64| async move { Ok::<_, crate::support::Failure>(n) }));
    let first = service.call(1);
    assert_eq!(kind(&service.call(2).await), Some(Kind::BulkheadFull));
    assert_eq!(first.await, Ok(1));
}

#[tokio::test]
async fn no_more_are_inside_than_have_a_place() {
    let bulkhead = Bulkhead::builder(3).max_queue(100).register(name("bulkhead")).unwrap();
    let backend = Backend::always(Step::delay(std::time::Duration::from_micros(50), Step::ok(1)));
    let service = BulkheadLayer::of(bulkhead).layer(backend.clone());
    let calls: Vec<_> = (0..60).map(|n| tokio::spawn(service.clone().oneshot(n))).collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), Ok(1));
    }
    assert_eq!((backend.most_inside(), bulkhead.in_flight(), backend.calls()), (3, 0, 60));
}
