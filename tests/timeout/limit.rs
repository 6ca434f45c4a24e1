use std::{future::pending, time::Duration};

use mainstay::timeout;

use crate::support::*;

#[timeout("limit.literal", "1m30s")]
async fn literal() -> Answer {
    pending().await
}

const LIMIT: Duration = secs(3);

#[timeout("limit.constant", LIMIT / 2)]
async fn constant() -> Answer {
    pending().await
}

#[timeout("limit.argument", Duration::from_millis(*millis) * factor)]
async fn by_arguments(millis: &u64, factor: u32) -> Answer {
    pending().await
}

struct Client {
    patience: Duration,
}

impl Client {
    #[timeout("limit.receiver", self.patience)]
    async fn ask(&mut self, until: tokio::time::Instant) -> Answer {
        tokio::time::sleep_until(until).await;
        self.patience = secs(0);
        Ok(7)
    }
}

#[timeout("limit.exact", "1s")]
async fn takes(time: Duration) -> Answer {
    tokio::time::sleep(time).await;
    Ok(7)
}

#[tokio::test(start_paused = true)]
async fn a_literal_limits_every_call() {
    assert_eq!(timed(literal()).await, (timed_out("limit.literal", secs(90)), secs(90)));
}

#[tokio::test(start_paused = true)]
async fn an_expression_may_be_a_constant() {
    assert_eq!(timed(constant()).await, (timed_out("limit.constant", ms(1500)), ms(1500)));
}

#[tokio::test(start_paused = true)]
async fn an_expression_may_be_of_the_arguments() {
    for (millis, factor, limit) in [(10, 3, ms(30)), (2000, 1, secs(2))] {
        let answer = timed(by_arguments(&millis, factor)).await;
        assert_eq!(answer, (timed_out("limit.argument", limit), limit));
    }
}

#[tokio::test(start_paused = true)]
async fn an_expression_may_ask_the_receiver_that_the_body_changes() {
    let in_two = tokio::time::Instant::now() + secs(2);
    let mut client = Client { patience: secs(1) };
    assert_eq!(client.ask(in_two).await, timed_out("limit.receiver", secs(1)));
    client.patience = secs(5);
    assert_eq!(client.ask(in_two).await, Ok(7));
    assert_eq!(client.patience, secs(0));
}

#[tokio::test(start_paused = true)]
async fn an_expression_that_gives_zero_sets_no_limit() {
    let mut client = Client { patience: secs(0) };
    let in_a_month = tokio::time::Instant::now() + secs(30 * 86_400);
    assert_eq!(client.ask(in_a_month).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn an_endless_limit_ends_no_call() {
    let mut client = Client { patience: Duration::MAX };
    let in_a_month = tokio::time::Instant::now() + secs(30 * 86_400);
    assert_eq!(client.ask(in_a_month).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_ready_at_the_deadline_wins() {
    assert_eq!(timed(takes(ms(999))).await, (Ok(7), ms(999)));
    assert_eq!(timed(takes(secs(1))).await, (Ok(7), secs(1)));
    assert_eq!(timed(takes(ms(1001))).await, (timed_out("limit.exact", secs(1)), secs(1)));
}

#[timeout("limit.errors", "1s")]
async fn fails_after(time: Duration) -> Answer {
    tokio::time::sleep(time).await;
    Err(Failure::Reset)
}

#[tokio::test(start_paused = true)]
async fn an_error_of_the_body_in_time_is_the_answer() {
    // TO-02, TO-04.
    assert_eq!(fails_after(ms(10)).await, Err(Failure::Reset));
    assert_eq!(fails_after(ms(1010)).await, timed_out("limit.errors", secs(1)));
}
