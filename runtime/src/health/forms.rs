//! Checks of what holds checks: pointers, options, lists, closures.

use std::{borrow::Cow, fmt, future::Future, sync::Arc};

use super::{Ask, CheckOptions, DynHealthCheck, Health, HealthCheck, IntoHealth, LocalCheck, Parts};

macro_rules! pointers {
    ($($pointer:ident),*) => {$(
        impl<T: HealthCheck> HealthCheck for $pointer<T> {
            fn check(&self) -> impl Future<Output = Health> + Send {
                T::check(self)
            }

            fn liveness(&self) -> impl Future<Output = Health> + Send {
                T::liveness(self)
            }

            fn readiness(&self) -> impl Future<Output = Health> + Send {
                T::readiness(self)
            }

            fn name() -> Cow<'static, str> {
                T::name()
            }

            fn options() -> CheckOptions {
                T::options()
            }

            fn parts(parts: Parts<'_, Self>) {
                parts.through(|pointer| Some(&**pointer));
            }
        }

        impl<T: LocalCheck> LocalCheck for $pointer<T> {}

        impl HealthCheck for $pointer<dyn DynHealthCheck> {
            fn check(&self) -> impl Future<Output = Health> + Send {
                (**self).ask(Ask::Check)
            }

            fn liveness(&self) -> impl Future<Output = Health> + Send {
                (**self).ask(Ask::Live)
            }

            fn readiness(&self) -> impl Future<Output = Health> + Send {
                (**self).ask(Ask::Ready)
            }
        }
    )*};
}

pointers!(Arc, Box);

/// What is not there is healthy.
impl<T: HealthCheck> HealthCheck for Option<T> {
    async fn check(&self) -> Health {
        match self {
            Some(it) => it.check().await,
            None => Health::healthy(),
        }
    }

    async fn liveness(&self) -> Health {
        match self {
            Some(it) => it.liveness().await,
            None => Health::healthy(),
        }
    }

    async fn readiness(&self) -> Health {
        match self {
            Some(it) => it.readiness().await,
            None => Health::healthy(),
        }
    }

    fn name() -> Cow<'static, str> {
        T::name()
    }

    fn options() -> CheckOptions {
        T::options()
    }

    fn parts(parts: Parts<'_, Self>) {
        parts.through(Option::as_ref);
    }
}

impl<T: LocalCheck> LocalCheck for Option<T> {}

/// The worst of them, one after the other.
impl<T: HealthCheck> HealthCheck for Vec<T> {
    async fn check(&self) -> Health {
        worst(self, Ask::Check).await
    }

    async fn liveness(&self) -> Health {
        worst(self, Ask::Live).await
    }

    async fn readiness(&self) -> Health {
        worst(self, Ask::Ready).await
    }

    fn name() -> Cow<'static, str> {
        T::name()
    }

    fn options() -> CheckOptions {
        T::options()
    }
}

impl<T: LocalCheck> LocalCheck for Vec<T> {}

async fn worst<T: HealthCheck>(all: &[T], what: Ask) -> Health {
    let mut worst = Health::healthy();
    for it in all {
        let health = what.of(it).await;
        if health.status() > worst.status() {
            worst = health;
        }
    }
    worst
}

/// A check made of an async closure. See [`from_fn`].
#[derive(Clone, Copy)]
pub struct FromFn<F>(F);

/// Makes a check of a closure that gives a future of a [`Health`], a `bool` or a `Result`.
///
/// ```
/// use mainstay_runtime::health::{HealthChecker, Probe, from_fn};
///
/// # let _still = mainstay_runtime::clock::ManualClock::new().install();
/// let checker = HealthChecker::new("shop");
/// checker.add_as("queue", from_fn(|| async { Err::<(), _>("the queue is full") }));
/// assert_eq!(checker.report(Probe::Overall).reason("queue"), Some("the queue is full"));
/// ```
pub fn from_fn<F, R>(check: F) -> FromFn<F>
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output: IntoHealth> + Send,
{
    FromFn(check)
}

impl<F, R> HealthCheck for FromFn<F>
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output: IntoHealth> + Send,
{
    async fn check(&self) -> Health {
        (self.0)().await.into_health()
    }

    fn name() -> Cow<'static, str> {
        "check".into()
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFn").finish_non_exhaustive()
    }
}
