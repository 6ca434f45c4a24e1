//! A stack of six whose every policy has something to give back: a probe of a half-open breaker, a token that is waited
//! for, a place that somebody else has. However and wherever a call ends, all of it is there again.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use mainstay::{
    bulkhead, bulkhead::BulkheadPermit, circuit_breaker, clock, clock::Instant, fallback, rate_limit, retry,
    timeout,
};
use mainstay_testkit::Probe;

use crate::{ends::*, support::*};

const STEP: std::time::Duration = ms(250);

/// Its first attempt fails, its second hangs until its time is up, its third fails too, and its fallback answers.
///
/// Each attempt is a probe: the breaker opens at each failure, and each pause is longer than it stays open.
#[fallback(async |_| {
    world.point();
    clock::sleep(ms(500)).await;
    world.point();
    Ok(0)
})]
#[retry(
    max_attempts = 3,
    initial_delay = "2s",
    backoff = constant,
    jitter = none,
    before_retry = async |_| {
        world.point();
        clock::sleep(ms(500)).await;
        world.point();
    }
)]
#[circuit_breaker("contended", failure_threshold = 1, success_threshold = 1, timeout = "1s")]
#[rate_limit("contended", "1/s", burst = 1000, initial = 0, max_wait = "1h")]
#[bulkhead("contended", 1, max_wait = "1h")]
#[timeout("1s")]
async fn all_six(world: &World) -> Answer {
    let attempt = world.attempts.fetch_add(1, Ordering::SeqCst);
    world
        .probe
        .watch(async {
            world.point();
            clock::sleep(ms(500)).await;
            world.point();
            tokio::task::yield_now().await;
            world.point();
            if attempt == 1 {
                clock::sleep(secs(3600)).await;
            }
            Err(Failure::Reset)
        })
        .await
}

/// The policies are shared, and each round counts on nobody else.
static ALONE: Mutex<()> = Mutex::new(());

type Place = Arc<Mutex<Option<BulkheadPermit<'static>>>>;

/// What a round starts with and is compared to.
#[derive(Clone, Default)]
struct World {
    probe: Probe,
    attempts: Arc<AtomicU32>,
    /// Blows at the point of the user's code that is so many points away.
    fuse: Arc<AtomicU32>,
    place: Place,
    start: Arc<Mutex<Option<(Instant, u64)>>>,
}

/// So many points a call that runs to its end goes through: three in each attempt, two in each pause, two in the
/// fallback.
const POINTS: u32 = 3 * 3 + 2 * 2 + 2;

impl World {
    fn point(&self) {
        assert!(self.fuse.fetch_sub(1, Ordering::SeqCst) != 1, "the fuse has blown");
    }

    /// A call that finds the breaker about to probe, no token, and the place taken for two seconds more.
    fn call(&self) -> impl Future<Output = Answer> + Send + 'static {
        let world = self.clone();
        let (breaker, limiter, bulkhead) =
            (breaker("contended"), limiter("contended"), bulkhead("contended"));
        breaker.reset();
        breaker.admit().unwrap().failure();
        limiter.reset();
        assert!(limiter.try_acquire(1.0).is_err(), "it counts from the first request on");
        world.attempts.store(0, Ordering::SeqCst);
        world.fuse.store(0, Ordering::SeqCst);
        *world.start.lock().unwrap() = Some((clock::now(), limiter.admitted_count()));
        *world.place.lock().unwrap() = Some(bulkhead.try_enter().unwrap());
        async move {
            clock::sleep(secs(1)).await;
            let place = Arc::clone(&world.place);
            tokio::spawn(async move {
                clock::sleep(secs(2)).await;
                place.lock().unwrap().take();
            });
            all_six(&world).await
        }
    }

    fn everything_is_back(&self, steps: usize) {
        self.place.lock().unwrap().take();
        let (breaker, limiter, bulkhead) =
            (breaker("contended"), limiter("contended"), bulkhead("contended"));
        assert_eq!(self.probe.inside(), 0, "after {steps}");
        assert_eq!(
            (bulkhead.in_flight(), bulkhead.waiting(), bulkhead.available()),
            (0, 0, 1),
            "after {steps}"
        );
        assert_eq!(limiter.waiting(), 0, "after {steps}");
        drop(bulkhead.try_enter().unwrap());
        match breaker.state().to_string().as_str() {
            "half_open" => drop(breaker.admit().unwrap()),
            state => assert_eq!(state, "open", "after {steps}"),
        }
        let counts = breaker.counts();
        let settled = counts.success_count + counts.failure_count + counts.ignored_count;
        // The failure that opened it, every attempt, and the probe just now.
        assert!(settled > u64::from(self.attempts.load(Ordering::SeqCst)), "after {steps}: {counts:?}");
    }

    /// One token has come each second, and those are gone that let somebody in.
    fn no_token_is_lost(&self, steps: usize) {
        let (start, admitted) = self.start.lock().unwrap().unwrap();
        let came = clock::now().saturating_since(start).as_secs_f64();
        let taken = (limiter("contended").admitted_count() - admitted) as f64;
        let left = limiter("contended").available_tokens();
        assert!(
            (came - taken - left).abs() < 1e-3,
            "after {steps}: {came} came, {taken} were taken, {left} are left"
        );
    }
}

#[test]
fn a_call_can_be_cancelled_anywhere() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let world = World::default();
    let check = |steps| {
        world.everything_is_back(steps);
        // After a runtime the clock is gone in which the tokens came.
        if tokio::runtime::Handle::try_current().is_ok() {
            world.no_token_is_lost(steps);
        }
    };
    in_every_way(STEP, 30, || world.call(), check);
    assert_eq!(world.attempts.load(Ordering::SeqCst), 3);
}

#[test]
fn the_code_of_a_user_can_panic_anywhere() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    paused().block_on(async {
        let world = World::default();
        for point in 1.. {
            let call = world.call();
            world.fuse.store(point, Ordering::SeqCst);
            match tokio::spawn(call).await {
                Ok(answer) => {
                    assert_eq!((answer, point), (Ok(0), POINTS + 1));
                    break;
                }
                Err(error) => assert!(error.is_panic()),
            }
            world.everything_is_back(point as usize);
            world.no_token_is_lost(point as usize);
        }
    });
}
