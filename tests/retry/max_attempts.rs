use mainstay::retry;

use crate::support::*;

#[retry]
async fn default(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry]
fn default_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 6)]
async fn six(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 6)]
fn six_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 1)]
async fn once(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 1)]
fn once_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = tries)]
async fn by_argument(up: &Upstream, tries: u32) -> Answer {
    up.ask().await
}
#[retry(max_attempts = tries)]
fn by_argument_sync(up: &Upstream, tries: u32) -> Answer {
    up.ask_sync()
}

const TRIES: u32 = 4;

#[retry(max_attempts = TRIES + 1)]
async fn by_constant(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = TRIES + 1)]
fn by_constant_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

struct Client {
    upstream: Upstream,
    tries: u32,
}

impl Client {
    #[retry(max_attempts = self.tries)]
    async fn ask(&self) -> Answer {
        self.upstream.ask().await
    }
}

#[test]
fn three_attempts_are_made_by_default() {
    assert_eq!(seen_calls(default, default_sync), 3);
}

#[test]
fn the_first_call_counts_as_an_attempt() {
    assert_eq!(seen_calls(six, six_sync), 6);
    let seen = seen(Upstream::down, once, once_sync);
    assert_eq!((seen.calls, seen.took), (1, secs(0)));
}

#[test]
fn a_call_that_succeeds_is_made_once() {
    let seen = seen(|| Upstream::failing([]), six, six_sync);
    assert_eq!((seen.answer, seen.calls, seen.took), (Ok(7), 1, secs(0)));
}

#[test]
fn the_first_success_ends_the_attempts() {
    // SR-02, RT-18.
    let seen = seen(|| Upstream::failing([Failure::Reset, Failure::Reset]), default, default_sync);
    assert_eq!((seen.answer, seen.calls), (Ok(7), 3));
}

#[test]
fn the_last_error_is_the_answer_unchanged() {
    let statuses = || Upstream::failing((500..510).map(Failure::Status));
    assert_eq!(seen(statuses, default, default_sync).answer, Err(Failure::Status(502)));
    assert_eq!(seen(statuses, six, six_sync).answer, Err(Failure::Status(505)));
}

#[test]
fn an_expression_may_say_how_many() {
    assert_eq!(seen_calls(by_constant, by_constant_sync), 5);
    for tries in [1, 2, 9] {
        let calls = seen_calls(async |up| by_argument(up, tries).await, |up| by_argument_sync(up, tries));
        assert_eq!(calls, tries as usize);
    }
}

#[test]
fn an_expression_that_gives_zero_still_makes_the_first_call() {
    assert_eq!(seen_calls(async |up| by_argument(up, 0).await, |up| by_argument_sync(up, 0)), 1);
}

#[tokio::test(start_paused = true)]
async fn an_expression_may_ask_the_receiver() {
    let client = Client { upstream: Upstream::down(), tries: 4 };
    assert!(client.ask().await.is_err());
    assert_eq!(client.upstream.calls(), 4);
}

fn seen_calls(twin: impl AsyncFn(&Upstream) -> Answer, sync_twin: impl Fn(&Upstream) -> Answer) -> usize {
    seen(Upstream::down, twin, sync_twin).calls
}
