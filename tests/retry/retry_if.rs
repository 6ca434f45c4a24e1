use mainstay::{bulkhead, circuit_breaker, retry, timeout};

use crate::support::*;

fn is_server_error(failure: &Failure) -> bool {
    matches!(failure, Failure::Status(500..))
}

#[retry(retry_if = is_server_error)]
async fn by_path(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(retry_if = is_server_error)]
fn by_path_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(retry_if = |failure| *failure == Failure::Declined)]
async fn by_closure(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(retry_if = |failure| *failure == Failure::Declined)]
fn by_closure_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(retry_if = |failure| *failure == Failure::Status(status))]
async fn by_argument(up: &Upstream, status: u16) -> Answer {
    up.ask().await
}
#[retry(retry_if = |failure| *failure == Failure::Status(status))]
fn by_argument_sync(up: &Upstream, status: u16) -> Answer {
    up.ask_sync()
}

struct Client {
    upstream: Upstream,
    asked: u32,
}

impl Client {
    #[retry(retry_if = |_| { self.asked += 1; self.asked < 3 }, max_attempts = 10)]
    async fn ask(&mut self) -> Answer {
        self.upstream.ask().await
    }
}

fn calls_by_path(failure: Failure) -> usize {
    seen(|| Upstream::always(failure.clone()), by_path, by_path_sync).calls
}

#[test]
fn a_function_says_which_errors_are_tried_again() {
    assert_eq!(calls_by_path(Failure::Status(503)), 3);
    assert_eq!(calls_by_path(Failure::Status(404)), 1);
}

#[test]
fn the_class_has_no_say_beside_it() {
    assert_eq!(calls_by_path(Failure::Reset), 1);
    assert_eq!(seen(|| Upstream::always(Failure::Declined), by_closure, by_closure_sync).calls, 3);
}

#[test]
fn a_closure_may_look_at_the_arguments() {
    for (status, calls) in [(500, 3), (501, 1)] {
        let seen = seen(
            || Upstream::always(Failure::Status(500)),
            async |up| by_argument(up, status).await,
            |up| by_argument_sync(up, status),
        );
        assert_eq!(seen.calls, calls);
    }
}

#[tokio::test(start_paused = true)]
async fn a_closure_may_keep_state_in_the_receiver() {
    let mut client = Client { upstream: Upstream::down(), asked: 0 };
    client.ask().await.unwrap_err();
    assert_eq!((client.asked, client.upstream.calls()), (3, 3));
}

#[test]
fn values_are_not_asked_about() {
    let seen = seen(|| Upstream::failing([]), by_path, by_path_sync);
    assert_eq!((seen.answer, seen.calls), (Ok(7), 1));
}

#[retry(retry_if = |_| true)]
#[circuit_breaker("retry_if.open")]
async fn behind_a_breaker(up: &Upstream) -> Answer {
    up.ask().await
}

#[retry(retry_if = |_| { *asked += 1; true })]
#[bulkhead(1)]
fn behind_a_bulkhead(up: &Upstream, inner: bool, asked: &mut u32) -> Answer {
    if inner { up.ask_sync() } else { behind_a_bulkhead(up, true, asked) }
}

#[tokio::test(start_paused = true)]
async fn it_is_not_asked_about_a_refusal_of_the_functions_own_policies() {
    let upstream = Upstream::down();
    mainstay::policies().circuit_breaker("retry_if.open").unwrap().force_open();
    let answer = behind_a_breaker(&upstream).await;
    assert!(matches!(answer, Err(Failure::Policy(mainstay::Error::CircuitOpen { .. }))));
    assert_eq!(upstream.calls(), 0);
    assert_eq!(mainstay::policies().circuit_breaker("retry_if.open").unwrap().rejected_count(), 1);
}

#[test]
fn it_is_asked_about_a_refusal_that_comes_out_of_the_body() {
    // The inner call is refused by its own policy; to the outer one that is an error of the body like any other.
    let mut asked = 0;
    let answer = manual(|| behind_a_bulkhead(&Upstream::down(), false, &mut asked));
    assert!(matches!(answer, Err(Failure::Policy(mainstay::Error::BulkheadFull { .. }))));
    assert_eq!(asked, 3);
}

#[retry(retry_if = |failure| matches!(failure, Failure::Policy(error) if error.kind() == mainstay::Kind::TimedOut))]
#[timeout("1s")]
async fn slow(calls: &mut u32) -> Answer {
    *calls += 1;
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn it_is_asked_about_a_time_out() {
    let mut calls = 0;
    slow(&mut calls).await.unwrap_err();
    assert_eq!(calls, 3);
}
