use std::{future::pending, sync::Arc, time::Duration};

use mainstay::{Error, timeout, timeout::Timeout};

struct Client {
    limit: Arc<Timeout>,
}

impl Client {
    fn limited_to(limit: Duration) -> Self {
        Self { limit: Arc::new(Timeout::builder(limit).build("timeout.with").unwrap()) }
    }

    #[timeout(with = self.limit)]
    async fn never(&self) -> Result<(), Error> {
        pending().await
    }
}

#[timeout(with = limit, blocking = thread)]
fn parked(limit: Timeout) -> Result<(), Error> {
    loop {
        std::thread::park();
    }
}

#[tokio::test(start_paused = true)]
async fn each_instance_brings_its_own_limit_and_counts_for_itself() {
    let (short, long) =
        (Client::limited_to(Duration::from_secs(1)), Client::limited_to(Duration::from_secs(5)));
    assert_eq!(short.never().await, Err(Error::timed_out("timeout.with", Duration::from_secs(1))));
    assert_eq!(long.never().await, Err(Error::timed_out("timeout.with", Duration::from_secs(5))));
    assert_eq!((short.limit.timed_out(), long.limit.timed_out()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn an_instance_without_a_limit_cuts_nothing_off() {
    let unlimited = Client::limited_to(Duration::ZERO);
    let outer = Timeout::builder(Duration::from_secs(60)).build("outer").unwrap();
    assert!(outer.run(unlimited.never()).await.is_err());
    assert_eq!(unlimited.limit.timed_out(), 0);
}

#[test]
fn a_sync_function_takes_an_instance_too() {
    let clock = mainstay::clock::ManualClock::new();
    let _installed = clock.install();
    let advance = std::thread::spawn({
        let clock = clock.clone();
        move || {
            while clock.sleepers() == 0 {
                std::thread::yield_now();
            }
            clock.advance(Duration::from_secs(1));
        }
    });
    let limit = Timeout::builder(Duration::from_secs(1)).build("timeout.with.sync").unwrap();
    assert!(parked(limit).is_err());
    advance.join().unwrap();
}
