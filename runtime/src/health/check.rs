use std::{borrow::Cow, future::Future, pin::Pin};

use super::{CheckOptions, Health, Parts};

/// A future of an answer, boxed.
pub type BoxHealth<'a> = Pin<Box<dyn Future<Output = Health> + Send + 'a>>;

/// Something that can say how it is: a connection pool, a queue, a whole service.
///
/// `#[derive(HealthCheck)]` writes it for a struct whose fields have checks. By hand it takes one method:
///
/// ```
/// use mainstay_runtime::health::{Health, HealthCheck};
///
/// struct Queue { waiting: usize, room: usize }
///
/// impl HealthCheck for Queue {
///     async fn check(&self) -> Health {
///         match self.waiting < self.room {
///             true => Health::healthy().with("waiting", self.waiting),
///             false => Health::unhealthy("the queue is full"),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how healthy it is",
    label = "has no check of its own",
    note = "give the field `#[check(with = path)]` with a function of `&{Self}`, derive or implement `HealthCheck` for the type, or leave the field out with `#[check(skip)]`"
)]
pub trait HealthCheck: Send + Sync + 'static {
    /// How it is.
    fn check(&self) -> impl Future<Output = Health> + Send;

    /// Whether the process must be started anew. Healthy unless implemented: a dependency that is down is no reason, as it
    /// will be down for the new process too.
    fn liveness(&self) -> impl Future<Output = Health> + Send {
        async { Health::healthy() }
    }

    /// Whether requests may be sent here. What [`check`](Self::check) says, unless implemented.
    fn readiness(&self) -> impl Future<Output = Health> + Send {
        self.check()
    }

    /// What it is called unless told otherwise. Default: the type's name in snake case.
    fn name() -> Cow<'static, str>
    where
        Self: Sized,
    {
        super::names::of_type::<Self>().into()
    }

    /// What holds for it unless told otherwise.
    fn options() -> CheckOptions
    where
        Self: Sized,
    {
        CheckOptions::new()
    }

    /// The checks that it consists of: one, unless it is derived.
    #[doc(hidden)]
    fn parts(parts: Parts<'_, Self>)
    where
        Self: Sized,
    {
        parts.whole();
    }
}

/// A check that asks nothing outside of this process, and so may stand under `live`.
///
/// Implement it for a type of your own only where that is true: a liveness probe that asks a database restarts every
/// instance of the service when the database is down.
#[diagnostic::on_unimplemented(
    message = "`{Self}` may reach out of the process, and what is asked under `live` must not",
    label = "not known to stay within the process",
    note = "a dependency that is down would have every instance started anew: put it under `ready` instead; if the type's check asks nobody, say so with `impl mainstay::health::LocalCheck for {Self} {{}}`"
)]
pub trait LocalCheck: HealthCheck {}

/// What a [`HealthCheck`] is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ask {
    /// [`HealthCheck::check`].
    Check,
    /// [`HealthCheck::liveness`].
    Live,
    /// [`HealthCheck::readiness`].
    Ready,
}

impl Ask {
    pub(super) const ALL: [Self; 3] = [Self::Check, Self::Live, Self::Ready];

    pub(super) async fn of<T: HealthCheck>(self, it: &T) -> Health {
        match self {
            Self::Check => it.check().await,
            Self::Live => it.liveness().await,
            Self::Ready => it.readiness().await,
        }
    }
}

/// A [`HealthCheck`] of any type, for lists of different ones: every `HealthCheck` is one.
///
/// ```
/// use std::sync::Arc;
/// use mainstay_runtime::health::{DynHealthCheck, Health, HealthCheck, from_fn};
///
/// let all: Vec<Arc<dyn DynHealthCheck>> =
///     vec![Arc::new(from_fn(|| async { true })), Arc::new(from_fn(|| async { Health::degraded("slow") }))];
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// assert_eq!(all.check().await.reason(), Some("slow"));
/// # }); Ok::<(), std::io::Error>(())
/// ```
pub trait DynHealthCheck: Send + Sync + 'static {
    /// Asks it.
    fn ask(&self, what: Ask) -> BoxHealth<'_>;
}

impl<T: HealthCheck> DynHealthCheck for T {
    fn ask(&self, what: Ask) -> BoxHealth<'_> {
        Box::pin(what.of(self))
    }
}
