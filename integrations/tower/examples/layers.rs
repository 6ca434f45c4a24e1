//! A stack of layers around a client and around a router: one breaker by name for both, and for an annotated function.
//!
//! `cargo run -p mainstay-tower --example layers`

use std::time::Duration;

use axum::{BoxError, Router, error_handling::HandleErrorLayer, http::StatusCode, routing::get};
use mainstay::{
    Error, Kind,
    bulkhead::Bulkhead,
    circuit_breaker::{self, CircuitBreaker},
    policies,
    retry::Retry,
    timeout::Timeout,
    tower::{BulkheadLayer, CircuitBreakerLayer, RetryLayer, TimeoutLayer},
};
use tower::{Service, ServiceBuilder, ServiceExt, service_fn};

/// The same breaker as that of the client below, by its name.
#[mainstay::circuit_breaker("stock")]
async fn annotated() -> Result<&'static str, Error> {
    Ok("annotated")
}

async fn refused(error: BoxError) -> (StatusCode, String) {
    let full = error.downcast_ref::<Error>().is_some_and(|error| error.kind() == Kind::BulkheadFull);
    let status = if full { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
    (status, error.to_string())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A client: the top layer is outermost, as with attributes.
    let mut stock = ServiceBuilder::new()
        .layer(RetryLayer::new(
            "stock",
            Retry::builder().max_attempts(3).initial_delay(Duration::from_millis(1)),
        )?)
        .layer(CircuitBreakerLayer::named("stock")?)
        .layer(TimeoutLayer::new("stock", Timeout::builder(Duration::from_millis(20)))?)
        .service(service_fn(|item: u32| async move {
            // An item that does not exist takes for ever.
            tokio::time::sleep(Duration::from_millis(if item == 0 { 1000 } else { 0 })).await;
            Ok::<_, Error>(item * 2)
        }));
    println!("item 21: {:?}", stock.ready().await?.call(21).await);
    println!("item 0: {:?}", stock.ready().await?.call(0).await.map_err(|error| error.to_string()));

    let breaker: &CircuitBreaker = policies().circuit_breaker("stock").ok_or("annotated above")?;
    breaker.force_open();
    println!(
        "forced open, by the client: {:?}",
        stock.ready().await?.call(21).await.map_err(|e| e.to_string())
    );
    println!("by the function: {:?}", annotated().await.map_err(|error| error.to_string()));
    breaker.reset();
    assert_eq!(breaker.state(), circuit_breaker::State::Closed);

    // A server: handlers cannot fail, and what refuses can. Its errors become answers on the way out.
    let app: Router = Router::new().route("/", get(|| async { "here" })).layer(
        ServiceBuilder::new()
            .layer(HandleErrorLayer::new(refused))
            .layer(BulkheadLayer::new("requests", Bulkhead::builder(1))?)
            .map_err(BoxError::from),
    );
    let request = || axum::http::Request::new(axum::body::Body::empty());
    println!("with a free place: {}", app.clone().oneshot(request()).await?.status());
    let _taken = policies().bulkhead("requests").ok_or("made above")?.try_enter()?;
    println!("without: {}", app.oneshot(request()).await?.status());
    Ok(())
}
