//! Adaptive limits for tower, after Netflix's concurrency-limits; async only. Calls beyond the limit wait.

use ::tower::{Service, ServiceExt, service_fn};
use ::tower_acc::{ConcurrencyLimit, Gradient2};

use crate::{
    row::Row,
    work::{Error, soon, work_async},
};

async fn call<S: Service<u64, Response = u64, Error = Error>>(service: &mut S, n: u64) -> Result<u64, Error> {
    service.ready().await?.call(n).await
}

pub fn adaptive() -> Row {
    let service = ConcurrencyLimit::new(service_fn(work_async), Gradient2::default());
    Row::per_thread("tower-acc", move |_| {
        let mut service = service.clone();
        move || soon(call(&mut service, 1))
    })
}
