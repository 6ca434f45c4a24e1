use std::{sync::Mutex, time::Duration};

use mainstay::{
    clock::{self, Instant},
    retry,
    retry::NextAttempt,
};
use mainstay_testkit::{Script, Step};

use crate::support::*;

/// What hooks have seen: number, wait, answer, and when.
#[derive(Default)]
struct Hooks(Mutex<Vec<(u32, Duration, Answer, Instant)>>);

impl Hooks {
    fn note(&self, next: &NextAttempt<'_, u32, Failure>) {
        let answer = next.answer.copied().map_err(Clone::clone);
        self.0.lock().unwrap().push((next.number, next.waited, answer, clock::now()));
    }

    fn seen(&self) -> Vec<(u32, Duration, Answer)> {
        self.0
            .lock()
            .unwrap()
            .iter()
            .map(|(number, waited, answer, _)| (*number, *waited, answer.clone()))
            .collect()
    }

    fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

#[retry(before_retry = |next| hooks.note(next), jitter = none)]
async fn told(up: &Upstream, hooks: &Hooks) -> Answer {
    up.ask().await
}
#[retry(before_retry = |next| hooks.note(next), jitter = none)]
fn told_sync(up: &Upstream, hooks: &Hooks) -> Answer {
    up.ask_sync()
}

#[retry(before_retry = |next| hooks.note(next), retry_ok_if = |value| *value == 0, jitter = none)]
async fn told_of_values(up: &Upstream, hooks: &Hooks) -> Answer {
    up.ask().await
}

#[retry(before_retry = |next| hooks.note(next), max_elapsed = "3s", jitter = none)]
async fn limited(up: &Upstream, hooks: &Hooks) -> Answer {
    up.ask().await
}

/// Runs the twins, each with hooks of its own, and gives what those of both have seen.
fn told_by_both(upstream: impl Fn() -> Upstream) -> Vec<(u32, Duration, Answer)> {
    let hooks = Hooks::default();
    let _ = paused(async { told(&upstream(), &hooks).await });
    let sync_hooks = Hooks::default();
    let _ = manual(|| told_sync(&upstream(), &sync_hooks));
    assert_eq!(hooks.seen(), sync_hooks.seen());
    hooks.seen()
}

#[test]
fn it_is_told_the_attempt_the_wait_and_the_failure() {
    // SR-18: as often as there are further attempts.
    let told = told_by_both(|| Upstream::failing((500..).map(Failure::Status).take(5)));
    assert_eq!(told, [(2, secs(1), Err(Failure::Status(500))), (3, secs(2), Err(Failure::Status(501)))]);
}

#[test]
fn it_is_not_called_when_nothing_is_tried_again() {
    assert_eq!(told_by_both(|| Upstream::failing([])), []);
    assert_eq!(told_by_both(|| Upstream::always(Failure::Declined)), []);
}

#[test]
fn it_runs_after_the_wait_right_before_the_attempt() {
    let (hooks, upstream) = (Hooks::default(), Upstream::down());
    let start = manual(|| {
        let start = clock::now();
        told_sync(&upstream, &hooks).unwrap_err();
        start
    });
    let at: Vec<_> = hooks.0.lock().unwrap().iter().map(|seen| seen.3.saturating_since(start)).collect();
    assert_eq!(at, [secs(1), secs(3)]);
}

#[tokio::test(start_paused = true)]
async fn it_is_told_of_a_value_that_is_tried_again() {
    let hooks = Hooks::default();
    let upstream = Upstream::new(Script::steps().ok(0).ok(4).end());
    assert_eq!(told_of_values(&upstream, &hooks).await, Ok(4));
    assert_eq!(hooks.seen(), [(2, secs(1), Ok(0))]);
}

#[tokio::test(start_paused = true)]
async fn it_does_not_run_when_the_next_attempt_would_not_fit() {
    let hooks = Hooks::default();
    limited(&Upstream::down(), &hooks).await.unwrap_err();
    assert_eq!(hooks.count(), 1);
}

struct Client {
    upstream: Upstream,
    token: u32,
    used: Vec<u32>,
}

impl Client {
    #[retry(before_retry = async |_| { clock::sleep(secs(4)).await; self.token += 1 }, jitter = none)]
    async fn ask(&mut self) -> Answer {
        self.used.push(self.token);
        self.upstream.ask().await
    }

    #[retry(before_retry = |_| self.token += 1, jitter = none)]
    fn ask_sync(&mut self) -> Answer {
        self.used.push(self.token);
        self.upstream.ask_sync()
    }
}

fn client() -> Client {
    Client { upstream: Upstream::down(), token: 1, used: Vec::new() }
}

#[test]
fn what_it_changes_in_the_receiver_is_there_for_the_next_attempt() {
    let mut client = client();
    manual(|| client.ask_sync()).unwrap_err();
    assert_eq!(client.used, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_hook_of_an_async_function_may_be_async_and_is_waited_for() {
    let mut client = client();
    client.ask().await.unwrap_err();
    assert_eq!(client.used, [1, 2, 3]);
    assert_eq!(client.upstream.waits(), [secs(5), secs(6)]);
}

static TOLD: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn note_number<T, E>(next: &NextAttempt<'_, T, E>) {
    TOLD.lock().unwrap().push(next.number);
}

#[retry(before_retry = note_number)]
async fn by_path(up: &Upstream) -> Answer {
    up.ask().await
}

#[retry(before_retry = note_number)]
fn by_path_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

async fn wait_as_long_again(next: &NextAttempt<'_, u32, Failure>) {
    clock::sleep(next.waited).await;
}

#[retry(before_retry = wait_as_long_again, jitter = none)]
async fn by_async_path(up: &Upstream) -> Answer {
    up.ask().await
}

#[retry(before_retry = |next| clock::sleep(next.waited * 2), jitter = none)]
async fn by_closure_of_a_future(up: &Upstream) -> Answer {
    up.ask().await
}

#[retry(before_retry = async |next| clock::sleep(next.waited * 3).await, jitter = none)]
async fn by_async_closure(up: &Upstream) -> Answer {
    up.ask().await
}

#[test]
fn a_path_may_name_it() {
    paused(async { by_path(&Upstream::down()).await }).unwrap_err();
    manual(|| by_path_sync(&Upstream::down())).unwrap_err();
    assert_eq!(*TOLD.lock().unwrap(), [2, 3, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn an_async_hook_has_three_forms() {
    let upstream = Upstream::down();
    by_async_path(&upstream).await.unwrap_err();
    assert_eq!(upstream.waits(), [secs(2), secs(4)]);
    let upstream = Upstream::down();
    by_closure_of_a_future(&upstream).await.unwrap_err();
    assert_eq!(upstream.waits(), [secs(3), secs(6)]);
    let upstream = Upstream::down();
    by_async_closure(&upstream).await.unwrap_err();
    assert_eq!(upstream.waits(), [secs(4), secs(8)]);
}

#[test]
fn a_future_with_a_hook_can_go_to_another_thread() {
    fn is_send(_: impl Send) {}
    let (upstream, hooks) = (Upstream::down(), Hooks::default());
    is_send(told(&upstream, &hooks));
    is_send(by_path(&upstream));
    is_send(by_async_path(&upstream));
    is_send(by_closure_of_a_future(&upstream));
    is_send(by_async_closure(&upstream));
    is_send(client().ask());
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_while_it_waits_prepares_nothing() {
    let (hooks, upstream) = (Hooks::default(), Upstream::new(Script::always(Step::fail(Failure::Reset))));
    let dropped = tokio::time::timeout(ms(500), told(&upstream, &hooks)).await;
    assert!(dropped.is_err());
    assert_eq!((hooks.count(), upstream.calls()), (0, 1));
}
