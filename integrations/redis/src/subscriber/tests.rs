use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use mainstay_runtime::cached::{CacheStore, Invalidation};
use mainstay_testkit::servers::RedisServer;
use tokio::time::sleep;

use crate::{RedisStore, address::Address, link::Limits};

async fn until(what: &str, seen: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !seen() {
        assert!(Instant::now() < end, "not seen within a minute: {what}");
        sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn a_server_that_hangs_without_closing_the_connection_is_noticed() {
    let server = RedisServer::start().unwrap();
    let short = Duration::from_millis(100);
    let limits = Limits { connect: short, response: short, trust: short, silence: short };
    let store = RedisStore::new(Address::parse(&server.url(), None).unwrap(), "app", limits);
    let doubted = Arc::new(AtomicUsize::new(0));
    let _listening = store.listen(Box::new({
        let doubted = Arc::clone(&doubted);
        move |told| {
            doubted.fetch_add(usize::from(told == Invalidation::All), Ordering::SeqCst);
        }
    }));
    let is_subscribed = || *store.subscriber().hub.subscribed.borrow();
    until("the subscription", is_subscribed).await;
    server.pause().unwrap();
    until("the silence", || !is_subscribed()).await;
    let before = doubted.load(Ordering::SeqCst);
    server.resume().unwrap();
    until("the subscription again", is_subscribed).await;
    until("that everything is doubted", || doubted.load(Ordering::SeqCst) > before).await;
}
