//! `with`.

use std::sync::Arc;

use mainstay::health::{Health, HealthCheck, HealthStatus, Probe};

use crate::support::{report, statuses};

fn is_open(port: &u16) -> bool {
    *port > 0
}

async fn answers(address: &str) -> Result<Health, std::io::Error> {
    match address {
        "" => Err(std::io::Error::other("no address")),
        address => Ok(Health::healthy().with("address", address.to_owned())),
    }
}

struct Cache(usize);

impl Cache {
    async fn has_room(&self) -> HealthStatus {
        if self.0 > 0 { HealthStatus::Healthy } else { HealthStatus::Degraded }
    }
}

#[derive(HealthCheck)]
struct Deps<F> {
    #[check(with = is_open)]
    port: u16,
    #[check(with = answers)]
    address: String,
    #[check(with = Cache::has_room)]
    cache: Cache,
    #[check(with = |file: &Arc<u8>| Arc::strong_count(file) == 1)]
    file: Arc<u8>,
    #[check(with = |_| ())]
    other: F,
}

#[test]
fn a_field_is_checked_by_a_function_of_it_sync_or_async() {
    let deps = |port, address: &str, room| Deps {
        port,
        address: address.to_owned(),
        cache: Cache(room),
        file: Arc::new(1),
        other: 'x',
    };
    let well = report(deps(80, "here", 1), Probe::Ready);
    assert_eq!(well.status, HealthStatus::Healthy);
    assert_eq!(well.check("address").unwrap().data[0].1.as_str(), Some("here"));
    let ill = report(deps(0, "", 0), Probe::Ready);
    assert_eq!(
        statuses(&ill),
        [
            ("port", HealthStatus::Unhealthy),
            ("address", HealthStatus::Unhealthy),
            ("cache", HealthStatus::Degraded),
            ("file", HealthStatus::Healthy),
            ("other", HealthStatus::Healthy)
        ]
    );
    assert_eq!(ill.reason("address"), Some("no address"));
}
