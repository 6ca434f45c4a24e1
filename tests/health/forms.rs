//! Structs of every form.

use std::{marker::PhantomData, sync::Arc};

use mainstay::health::{DynHealthCheck, HealthCheck, HealthStatus, LocalCheck, Probe};

use crate::support::{Connection, Queue, report, statuses};

#[derive(HealthCheck)]
struct Store<T, Q: Send = Queue>
where
    T: Clone,
{
    primary: Arc<T>,
    replica: Option<Box<T>>,
    #[check(live)]
    queue: Q,
    #[check(skip)]
    _of: PhantomData<(T, Q)>,
}

#[derive(HealthCheck)]
struct Pair(#[check("first")] Connection, #[check(name = "second", on_fail = degraded)] Connection);

#[derive(HealthCheck)]
struct Service {
    store: Arc<Store<Connection>>,
    #[check(name = "eu")]
    regions: Pair,
    others: Vec<Arc<dyn DynHealthCheck>>,
    r#type: Connection,
}

fn store() -> Store<Connection> {
    Store {
        primary: Arc::new(Connection::up()),
        replica: None,
        queue: Queue { is_full: false },
        _of: PhantomData,
    }
}

#[test]
fn generic_fields_pointers_and_what_is_not_there_are_checked() {
    let all = report(Store { replica: Some(Box::new(Connection::down())), ..store() }, Probe::Overall);
    assert_eq!(
        statuses(&all),
        [
            ("primary", HealthStatus::Healthy),
            ("replica", HealthStatus::Unhealthy),
            ("queue", HealthStatus::Healthy)
        ]
    );
    assert_eq!(report(store(), Probe::Overall).reason("replica"), Some("not configured"));
}

#[test]
fn what_derives_it_within_what_derives_it_shows_its_own_fields() {
    let service = Service {
        store: Arc::new(store()),
        regions: Pair(Connection::up(), Connection::down()),
        others: vec![Arc::new(Connection::up()), Arc::new(Queue { is_full: true })],
        r#type: Connection::up(),
    };
    let all = report(service, Probe::Overall);
    assert_eq!(
        statuses(&all),
        [
            ("store.primary", HealthStatus::Healthy),
            ("store.replica", HealthStatus::Healthy),
            ("store.queue", HealthStatus::Healthy),
            ("eu.first", HealthStatus::Healthy),
            ("eu.second", HealthStatus::Degraded),
            ("others", HealthStatus::Unhealthy),
            ("type", HealthStatus::Healthy)
        ]
    );
}

#[tokio::test]
async fn by_itself_it_is_as_its_worst_field_for_each_probe() {
    let pair = Pair(Connection::up(), Connection::down());
    let health = pair.check().await;
    assert_eq!((health.status(), health.reason()), (HealthStatus::Degraded, Some("second: refused")));
    assert_eq!(pair.readiness().await.status(), HealthStatus::Degraded);
    assert_eq!(pair.liveness().await.status(), HealthStatus::Healthy);
}

#[test]
fn a_struct_whose_checks_are_all_live_may_stand_under_live_itself() {
    #[derive(HealthCheck)]
    struct Inner {
        #[check(live)]
        queue: Queue,
    }

    #[derive(HealthCheck)]
    struct Outer {
        #[check(live)]
        inner: Inner,
    }

    fn is_local<T: LocalCheck>(_: &T) {}
    let outer = Outer { inner: Inner { queue: Queue { is_full: true } } };
    is_local(&outer.inner);
    assert_eq!(statuses(&report(outer, Probe::Live)), [("inner.queue", HealthStatus::Unhealthy)]);
}

#[test]
fn the_crate_may_have_another_name() {
    #[derive(HealthCheck)]
    #[check(crate = ::mainstay)]
    struct Deps {
        database: Connection,
    }

    let all = report(Deps { database: Connection::up() }, Probe::Ready);
    assert_eq!(statuses(&all), [("database", HealthStatus::Healthy)]);
}
