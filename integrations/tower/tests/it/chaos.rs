use std::panic::AssertUnwindSafe;

use mainstay::{
    Kind,
    chaos::{Chaos, ChaosConfig, Fault},
    clock::now,
    tower::ChaosLayer,
};
use mainstay_testkit::{Step, Stepper};
use tower::{Layer, Service, ServiceExt};

use crate::support::{Backend, SECOND, is_ready, kind, name};

fn chaos(config: ChaosConfig) -> &'static Chaos {
    config.register(name("chaos")).unwrap()
}

#[tokio::test]
async fn it_does_nothing_until_it_is_switched_on_and_again_once_it_is_off() {
    let chaos = chaos(Chaos::builder().error_rate(1.0));
    let backend = Backend::always(Step::ok(7));
    let service = ChaosLayer::of(chaos).layer(backend.clone());
    assert_eq!(service.clone().oneshot(1).await, Ok(7));
    chaos.enable();
    assert_eq!(kind(&service.clone().oneshot(2).await), Some(Kind::Injected));
    chaos.disable();
    assert_eq!(service.oneshot(3).await, Ok(7));
    // What was made to fail has not reached the service.
    assert_eq!((backend.requests(), chaos.injected(Fault::Error)), (vec![1, 3], 1));
}

#[tokio::test(start_paused = true)]
async fn a_late_call_waits_with_the_service_that_was_ready() {
    let chaos = chaos(Chaos::builder().latency(SECOND).latency_rate(1.0));
    chaos.enable();
    let backend = Backend::always(Step::ok(7));
    let mut service = ChaosLayer::of(chaos).layer(backend.clone());
    let start = now();
    let call = service.ready().await.unwrap().call(1);
    backend.hold_back();
    assert!(!is_ready(&mut service));
    assert_eq!(call.await, Ok(7));
    assert_eq!((now().saturating_since(start), backend.calls()), (SECOND, 1));
    chaos.disable();
}

#[tokio::test]
async fn after_the_call_the_service_has_done_its_work() {
    let chaos = chaos(Chaos::builder().error_rate(1.0).after());
    chaos.enable();
    let backend = Backend::always(Step::ok(7));
    let service = ChaosLayer::of(chaos).layer(backend.clone());
    assert_eq!(kind(&service.oneshot(1).await), Some(Kind::Injected));
    assert_eq!(backend.requests(), [1]);
    chaos.disable();
}

#[tokio::test]
async fn a_call_panics_in_its_future_or_never_answers() {
    let chaos_panics = chaos(Chaos::builder().panic_rate(1.0));
    chaos_panics.enable();
    let backend = Backend::always(Step::ok(7));
    let mut service = ChaosLayer::of(chaos_panics).layer(backend.clone());
    assert!(is_ready(&mut service));
    let mut call = Stepper::new(service.call(1));
    std::panic::catch_unwind(AssertUnwindSafe(|| call.poll())).unwrap_err();
    chaos_panics.disable();

    let chaos_drops = chaos(Chaos::builder().drop_rate(1.0));
    chaos_drops.enable();
    let mut call = Stepper::new(ChaosLayer::of(chaos_drops).layer(backend.clone()).oneshot(1));
    assert!(call.poll().is_pending() && call.poll().is_pending());
    drop(call);
    chaos_drops.disable();
    assert_eq!((chaos_drops.injected(Fault::Drop), backend.calls()), (1, 0));
}
