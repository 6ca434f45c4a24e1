//! A retry storm in virtual time: three layers that each try three times, before a dependency of fixed capacity.
//!
//! `cargo test --test budget storm -- --nocapture` prints the table of `docs/reference/budget.md`.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use mainstay::{budget::Budget, clock, retry};

const SECONDS: usize = 60;
const CAPACITY: u32 = 100;
const RATIO: f64 = 0.2;

/// Serves so many calls a second. In the second after one with more it serves none: its queues are full of calls that
/// nobody waits for any more.
struct Dependency {
    start: clock::Instant,
    /// Seconds of an outage.
    outage: std::ops::Range<usize>,
    load: Mutex<[u32; SECONDS + 60]>,
    served: AtomicU32,
}

impl Dependency {
    async fn call(&self) -> Result<(), &'static str> {
        clock::sleep(Duration::from_millis(5)).await;
        let second = clock::now().saturating_since(self.start).as_secs() as usize;
        let is_overloaded = {
            let mut load = self.load.lock().unwrap();
            load[second] += 1;
            load[second] > CAPACITY || (second > 0 && load[second - 1] > CAPACITY)
        };
        if is_overloaded || self.outage.contains(&second) {
            return Err("overloaded");
        }
        self.served.fetch_add(1, Relaxed);
        Ok(())
    }
}

macro_rules! layers {
    ($name:ident, $($outer:tt)*) => {
        mod $name {
            use super::*;
            pub(super) async fn call(dependency: &Dependency) -> Result<(), &'static str> {
                gateway(dependency).await
            }
            layers!(@ gateway service $($outer)*);
            layers!(@ service repository $($outer)*);
            layers!(@ repository dependency $($outer)*);
        }
    };
    (@ repository dependency none) => {
        #[retry(initial_delay = "20ms")]
        async fn repository(dependency: &Dependency) -> Result<(), &'static str> {
            dependency.call().await
        }
    };
    (@ $layer:ident $inner:ident none) => {
        #[retry(initial_delay = "20ms")]
        async fn $layer(dependency: &Dependency) -> Result<(), &'static str> {
            $inner(dependency).await
        }
    };
    (@ gateway service $budget:literal) => {
        #[retry(initial_delay = "20ms", budget = $budget)]
        async fn gateway(dependency: &Dependency) -> Result<(), &'static str> {
            service(dependency).await
        }
    };
    (@ repository dependency $budget:literal) => {
        #[retry(initial_delay = "20ms", budget = within($budget))]
        async fn repository(dependency: &Dependency) -> Result<(), &'static str> {
            dependency.call().await
        }
    };
    (@ $layer:ident $inner:ident $budget:literal) => {
        #[retry(initial_delay = "20ms", budget = within($budget))]
        async fn $layer(dependency: &Dependency) -> Result<(), &'static str> {
            $inner(dependency).await
        }
    };
}

layers!(without, none);
layers!(with_blip, "storm.blip");
layers!(with_overload, "storm.overload");

/// What a minute of calls did.
struct Minute {
    /// What reached the dependency, over what was asked for: in all, and in the worst window of ten seconds.
    load: f64,
    worst: f64,
    /// How many calls of the last ten seconds had an answer.
    served_late: f64,
}

/// Runs a minute of `demand` calls a second.
async fn minute<F>(demand: u32, outage: std::ops::Range<usize>, call: fn(Arc<Dependency>) -> F) -> Minute
where
    F: Future<Output = Result<(), &'static str>> + Send + 'static,
{
    // The budget's slots are whole seconds of the clock.
    let beyond = clock::now().as_nanos() % 1_000_000_000;
    clock::sleep(Duration::from_nanos(1_000_000_000 - beyond)).await;
    let start = clock::now();
    let load = Mutex::new([0; SECONDS + 60]);
    let dependency = Arc::new(Dependency { start, outage, load, served: AtomicU32::new(0) });
    let late = Arc::new(AtomicU32::new(0));
    let mut calls = Vec::new();
    for number in 0..demand * SECONDS as u32 {
        let at = Duration::from_secs_f64(f64::from(number) / f64::from(demand));
        clock::sleep_until(start + at).await;
        let (late, called) = (Arc::clone(&late), call(Arc::clone(&dependency)));
        calls.push(tokio::spawn(async move {
            if called.await.is_ok() && at.as_secs() >= SECONDS as u64 - 10 {
                late.fetch_add(1, Relaxed);
            }
        }));
    }
    for call in calls {
        call.await.unwrap();
    }
    let load = *dependency.load.lock().unwrap();
    let windows = load[..SECONDS].windows(10).map(|window| window.iter().sum::<u32>());
    let demanded = f64::from(demand);
    Minute {
        load: f64::from(load.iter().sum::<u32>()) / (demanded * SECONDS as f64),
        worst: f64::from(windows.max().unwrap()) / (demanded * 10.0),
        served_late: f64::from(late.load(Relaxed)) / (demanded * 10.0),
    }
}

fn row(what: &str, minute: &Minute) {
    let Minute { load, worst, served_late } = minute;
    println!("| {what} | {load:.2} | {worst:.2} | {:.0} % |", served_late * 100.0);
}

#[tokio::test(start_paused = true)]
async fn without_a_budget_an_outage_of_two_seconds_never_ends_and_with_one_it_does() {
    Budget::builder().ratio(RATIO).floor(0.0).register("storm.blip").unwrap();
    let without = minute(80, 10..12, |to| async move { without::call(&to).await }).await;
    let with = minute(80, 10..12, |to| async move { with_blip::call(&to).await }).await;
    row("outage of 2 s at 80 % of capacity, no budget", &without);
    row("the same, `budget = \"storm\"`", &with);
    assert!(without.worst > 15.0 && without.served_late < 0.05, "{} {}", without.worst, without.served_late);
    assert!(with.load <= 1.0 + RATIO && with.worst <= 1.0 + RATIO, "{} {}", with.load, with.worst);
    assert!(with.served_late > 0.999, "{}", with.served_late);
}

#[tokio::test(start_paused = true)]
async fn under_overload_the_dependency_gets_a_fifth_more_and_no_multiple() {
    Budget::builder().ratio(RATIO).floor(0.0).register("storm.overload").unwrap();
    let without = minute(150, 0..0, |to| async move { without::call(&to).await }).await;
    let with = minute(150, 0..0, |to| async move { with_overload::call(&to).await }).await;
    row("150 % of capacity, no budget", &without);
    row("the same, `budget = \"storm\"`", &with);
    assert!(without.worst > 15.0, "{}", without.worst);
    assert!(with.load <= 1.0 + RATIO && with.worst <= 1.0 + RATIO, "{} {}", with.load, with.worst);
}
