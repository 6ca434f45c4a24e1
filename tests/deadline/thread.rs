use std::time::Duration;

use mainstay::{clock::ManualClock, deadline, timeout};

use crate::support::*;

#[timeout("deadline.thread", "5s", blocking = thread)]
fn on_a_thread() -> Answer<Option<Duration>> {
    Ok(deadline::remaining())
}

#[test]
fn a_body_on_a_thread_of_its_own_has_the_deadline() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    assert_eq!(on_a_thread(), Ok(Some(secs(5))));
    assert_eq!(deadline::sync_scope(secs(2), on_a_thread), Ok(Some(secs(2))));
    assert_eq!(told(deadline::sync_scope(secs(0), on_a_thread)), exceeded("deadline.thread"));
    assert_eq!(deadline::remaining(), None);
}
