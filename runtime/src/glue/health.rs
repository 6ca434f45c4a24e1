//! What `#[health_check]` and `#[derive(HealthCheck)]` call.

use std::{future::poll_fn, task::Poll};

use crate::clock;
pub use crate::health::{
    BoxHealth, Breaker, CHECKS, CheckOptions, CheckSite, Health, HealthCheck, HealthStatus, IntoHealth,
    LocalCheck, Parts,
};

/// Compiles for a type that may stand under `live`.
pub fn local<T: LocalCheck>() {}

/// What a function named by `with` may give.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how healthy something is",
    label = "does not give a `Health`",
    note = "a check gives `Health`, `HealthStatus`, `bool`, `()`, a `Result` of one of them whose error implements `Display`, or a future of it"
)]
pub trait Answer<Form> {
    /// What it says.
    fn health(self) -> impl Future<Output = Health> + Send;
}

/// The answer itself.
#[derive(Debug)]
pub struct Value;

/// A future of it.
#[derive(Debug)]
pub struct Later;

impl<T: IntoHealth> Answer<Value> for T {
    fn health(self) -> impl Future<Output = Health> + Send {
        std::future::ready(self.into_health())
    }
}

impl<F: Future<Output: IntoHealth> + Send> Answer<Later> for F {
    async fn health(self) -> Health {
        self.await.into_health()
    }
}

/// The answer of a function named by `with`, sync or async.
pub fn answered<Form>(answer: impl Answer<Form>) -> impl Future<Output = Health> + Send {
    answer.health()
}

/// The worst of these, asked at the same time, each within its limit.
pub async fn together(checks: Vec<(&'static str, CheckOptions, BoxHealth<'_>)>) -> Health {
    let mut worst = Health::healthy();
    let mut waiting: Vec<_> =
        checks.into_iter().map(|check| (clock::sleep(check.1.limit()), check)).collect();
    poll_fn(|cx| {
        waiting.retain_mut(|(limit, (name, options, check))| {
            let health = match check.as_mut().poll(cx) {
                Poll::Ready(health) => health,
                Poll::Pending if std::pin::Pin::new(limit).poll(cx).is_ready() => {
                    Health::unhealthy(format!("did not answer within {:?}", options.limit()))
                }
                Poll::Pending => return true,
            };
            let health = health.unhealthy_as(options.failed());
            if health.status() > worst.status() {
                let reason = match health.reason() {
                    Some(reason) => format!("{name}: {reason}"),
                    None => format!("{name} is {}", health.status()),
                };
                worst = health.because(reason);
            }
            false
        });
        if waiting.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    worst
}
