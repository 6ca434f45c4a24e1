use crate::still;
use mainstay::{
    health::{self, Health, HealthCheck, HealthChecker, HealthStatus, LocalCheck, Probe},
    health_check,
};
use std::sync::Arc;

#[health_check(on_fail = degraded)]
async fn search() -> Result<(), String> {
    Err("down".into())
}

#[health_check("memory", live)]
fn memory() -> bool {
    true
}

struct Pool(bool);
impl HealthCheck for Pool {
    async fn check(&self) -> Health {
        self.0.into()
    }
}
struct Queue;
impl HealthCheck for Queue {
    async fn check(&self) -> Health {
        Health::healthy()
    }
}
impl LocalCheck for Queue {}

fn file_is_there(path: &String) -> bool {
    path == "here"
}
async fn answers(port: &u16) -> Result<(), std::io::Error> {
    if *port > 0 { Ok(()) } else { Err(std::io::Error::other("no port")) }
}

#[derive(HealthCheck)]
#[check(breaker = "smoke.payments")]
struct Deps<T> {
    database: Arc<Pool>,
    #[check(live)]
    queue: Queue,
    #[check(with = file_is_there, on_fail = degraded)]
    file: String,
    #[check(with = answers, timeout = "1s", name = "upstream")]
    port: u16,
    #[check(ready, startup, cache = "1s")]
    other: Option<T>,
    #[check(skip)]
    _name: &'static str,
}

struct Orders {
    open: bool,
}

#[health_check]
impl Orders {
    #[check(live)]
    fn is_open(&self) -> bool {
        self.open
    }
    #[check(startup, timeout = "5s")]
    async fn migrated(&self) -> Result<Health, String> {
        Ok(Health::degraded("old"))
    }
    #[check]
    fn disk() -> HealthStatus {
        HealthStatus::Healthy
    }
    pub fn other(&self) -> u8 {
        7
    }
}

#[test]
fn it_works() {
    let _still = still();
    let report = health::checks().report(Probe::Overall);
    assert_eq!(report.status_of("search"), Some(HealthStatus::Degraded), "{report:?}");
    assert_eq!(report.status_of("memory"), Some(HealthStatus::Healthy), "{report:?}");
    let checker = HealthChecker::new("smoke");
    checker.add(Deps {
        database: Arc::new(Pool(false)),
        queue: Queue,
        file: "gone".into(),
        port: 0,
        other: Some(Pool(true)),
        _name: "",
    });
    checker.add_as("orders", Orders { open: true });
    assert_eq!(Orders { open: true }.other(), 7);
    let report = checker.report(Probe::Overall);
    println!("{}", report.to_json());
    assert_eq!(
        checker.names(),
        [
            "database",
            "queue",
            "file",
            "upstream",
            "other",
            "smoke.payments",
            "orders.is_open",
            "orders.migrated",
            "orders.disk"
        ]
    );
    assert_eq!(report.reason("upstream"), Some("no port"));
    assert_eq!(report.status_of("smoke.payments"), Some(HealthStatus::Degraded));
}
