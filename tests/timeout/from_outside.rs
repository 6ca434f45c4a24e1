//! What is set from outside goes before the code. One load for all tests here, because it is the program's.

use std::{future::pending, sync::Once, time::Duration};

use mainstay::{
    deadline,
    overrides::{Values, overrides},
    timeout,
};

use crate::support::*;

fn load() {
    static LOADED: Once = Once::new();
    LOADED.call_once(|| {
        let values = Values::new()
            .name("outside.fixed", "timeout", "limit", "3s")
            .name("outside.computed", "timeout", "limit", "3s")
            .name("outside.exact", "timeout", "exact", true)
            .name("outside.off", "timeout", "enabled", false)
            .name("outside.thread_off", "timeout", "enabled", false);
        overrides().values(values).load().unwrap();
    });
}

#[timeout("outside.fixed", "60s")]
async fn fixed() -> Answer<Option<Duration>> {
    let seen = deadline::remaining();
    if seen == Some(secs(60)) { Ok(seen) } else { pending().await }
}

#[timeout("outside.computed", limit)]
async fn computed(limit: Duration) -> Answer {
    pending().await
}

#[timeout("outside.exact", limit)]
async fn exact(limit: Duration) -> Answer {
    pending().await
}

#[timeout("outside.off", "1s")]
async fn off() -> Answer<Option<Duration>> {
    tokio::time::sleep(secs(1000)).await;
    Ok(deadline::remaining())
}

#[timeout("outside.thread_off", "1ms", blocking = thread)]
fn thread_off() -> Answer<std::thread::ThreadId> {
    Ok(std::thread::current().id())
}

#[timeout(limit = "outside.named".len() as u32 * ms(100))]
async fn named() -> Answer {
    pending().await
}

#[timeout("outside.precise", "250ms", exact)]
async fn precise() -> Answer {
    pending().await
}

#[tokio::test(start_paused = true)]
async fn a_limit_goes_before_a_duration_and_an_expression() {
    load();
    assert_eq!(timed(fixed()).await, (timed_out("outside.fixed", secs(3)), secs(3)));
    assert_eq!(timed(computed(secs(60))).await, (timed_out("outside.computed", secs(3)), secs(3)));
    assert_eq!(mainstay::policies().timeout("outside.fixed").unwrap().limit(), secs(3));
}

#[tokio::test(start_paused = true)]
async fn an_option_that_is_not_set_stays_the_codes() {
    load();
    assert_eq!(timed(exact(secs(2))).await, (timed_out("outside.exact", secs(2)), secs(2)));
}

#[tokio::test(start_paused = true)]
async fn switched_off_it_is_as_if_it_were_not_there() {
    load();
    assert_eq!(timed(off()).await, (Ok(None), secs(1000)));
    assert_eq!(thread_off().unwrap(), std::thread::current().id());
}

#[tokio::test(start_paused = true)]
async fn the_limit_can_be_written_by_its_name() {
    let (answer, took) = timed(named()).await;
    assert!(answer.is_err());
    assert_eq!(took, ms(1300));
}

#[tokio::test(start_paused = true)]
async fn an_exact_limit_is_exact() {
    assert_eq!(timed(precise()).await, (timed_out("outside.precise", ms(250)), ms(250)));
}
