use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use mainstay::{fallback, retry};

use crate::support::*;

/// Counts how often it was cloned, over all its clones.
struct Order {
    clones: Arc<AtomicU32>,
    original: bool,
}

impl Order {
    fn new() -> (Self, Arc<AtomicU32>) {
        let clones = Arc::<AtomicU32>::default();
        (Self { clones: Arc::clone(&clones), original: true }, clones)
    }
}

impl Clone for Order {
    fn clone(&self) -> Self {
        self.clones.fetch_add(1, Ordering::Relaxed);
        Self { clones: Arc::clone(&self.clones), original: false }
    }
}

async fn place(up: &Upstream, order: Order, originals: &mut Vec<bool>) -> Answer {
    originals.push(order.original);
    drop(order);
    up.ask().await
}

#[retry(clone(order))]
async fn consuming(up: &Upstream, order: Order, originals: &mut Vec<bool>) -> Answer {
    place(up, order, originals).await
}

#[retry(clone(order))]
fn consuming_sync(up: &Upstream, order: Order, originals: &mut Vec<bool>) -> Answer {
    originals.push(order.original);
    drop(order);
    up.ask_sync()
}

#[retry(max_attempts = 1, clone(order))]
async fn only_once(up: &Upstream, order: Order, originals: &mut Vec<bool>) -> Answer {
    place(up, order, originals).await
}

#[retry(max_attempts = tries, clone(order))]
async fn as_often_as(up: &Upstream, order: Order, tries: u32, originals: &mut Vec<bool>) -> Answer {
    place(up, order, originals).await
}

/// What every attempt got, and how many clones were made, in both twins.
fn attempts(upstream: impl Fn() -> Upstream) -> (Vec<bool>, u32) {
    let run = |(order, clones): (Order, Arc<AtomicU32>), call: &dyn Fn(Order, &mut Vec<bool>)| {
        let mut originals = Vec::new();
        call(order, &mut originals);
        (originals, clones.load(Ordering::Relaxed))
    };
    let later = run(Order::new(), &|order, originals| {
        let _ = paused(consuming(&upstream(), order, originals));
    });
    let at_once = run(Order::new(), &|order, originals| {
        let _ = manual(|| consuming_sync(&upstream(), order, originals));
    });
    assert_eq!(later, at_once);
    later
}

#[test]
fn every_attempt_but_the_last_permitted_one_gets_a_clone() {
    assert_eq!(attempts(Upstream::down), (vec![false, false, true], 2));
}

#[test]
fn an_early_success_has_cloned_once_per_attempt_made() {
    assert_eq!(attempts(|| Upstream::failing([])), (vec![false], 1));
    assert_eq!(attempts(|| Upstream::failing([Failure::Reset])), (vec![false, false], 2));
}

#[tokio::test(start_paused = true)]
async fn a_single_permitted_attempt_clones_nothing() {
    let (order, clones) = Order::new();
    let mut originals = Vec::new();
    only_once(&Upstream::down(), order, &mut originals).await.unwrap_err();
    assert_eq!((originals, clones.load(Ordering::Relaxed)), (vec![true], 0));
}

#[tokio::test(start_paused = true)]
async fn how_many_attempts_are_permitted_may_be_an_expression() {
    for tries in [0, 1, 2, 4] {
        let (order, clones) = Order::new();
        let mut originals = Vec::new();
        as_often_as(&Upstream::down(), order, tries, &mut originals).await.unwrap_err();
        assert_eq!(originals.last(), Some(&true));
        assert_eq!(clones.load(Ordering::Relaxed), tries.saturating_sub(1));
    }
}

#[retry(clone(name, tags), jitter = none)]
async fn two_of_three(
    up: &Upstream,
    mut name: String,
    tags: Vec<u8>,
    left_alone: String,
) -> Result<String, Failure> {
    name.push('!');
    let tags: Vec<u8> = tags.into_iter().rev().collect();
    up.ask().await?;
    Ok(format!("{name} {tags:?} {left_alone}"))
}

#[tokio::test(start_paused = true)]
async fn several_arguments_may_be_named_and_each_attempt_starts_from_the_given_values() {
    let upstream = Upstream::failing([Failure::Reset, Failure::Reset]);
    let answer = two_of_three(&upstream, "a".into(), vec![1, 2], "z".into()).await;
    assert_eq!(answer.as_deref(), Ok("a! [2, 1] z"));
}

struct Line {
    item: String,
    count: u32,
}

#[retry(clone(item, rest))]
async fn by_pattern(
    up: &Upstream,
    Line { item, count }: Line,
    (rest, _): (String, u8),
) -> Result<String, Failure> {
    let moved = item;
    let rest = rest;
    up.ask().await?;
    Ok(format!("{count} {moved} {rest}"))
}

#[tokio::test(start_paused = true)]
async fn a_name_bound_by_a_pattern_can_be_named() {
    let line = Line { item: "tea".into(), count: 3 };
    let answer = by_pattern(&Upstream::failing([Failure::Reset]), line, ("pots".into(), 0)).await;
    assert_eq!(answer.as_deref(), Ok("3 tea pots"));
}

fn give_up(_: Failure, order: String) -> Result<String, Failure> {
    Ok(format!("kept {order}"))
}

#[fallback(|error, order| give_up(error, order))]
#[retry(clone(order))]
async fn above_a_retry(up: &Upstream, order: String) -> Result<String, Failure> {
    let moved = order;
    up.ask().await?;
    Ok(moved)
}

#[tokio::test(start_paused = true)]
async fn a_fallback_still_gets_the_argument_after_the_last_attempt() {
    let answer = above_a_retry(&Upstream::down(), "tea".into()).await;
    assert_eq!(answer.as_deref(), Ok("kept tea"));
}

#[retry(clone(values))]
fn generic<T: Clone + IntoIterator<Item = u32>>(up: &Upstream, values: T) -> Answer {
    let sum: u32 = values.into_iter().sum();
    up.ask_sync().map(|_| sum)
}

#[test]
fn an_argument_of_a_generic_type_can_be_named() {
    let upstream = Upstream::failing([Failure::Reset]);
    assert_eq!(manual(|| generic(&upstream, vec![1, 2, 3])), Ok(6));
}

#[retry(clone(r#in))]
fn raw(up: &Upstream, r#in: String) -> Answer {
    let moved = r#in;
    up.ask_sync().map(|value| value + u32::try_from(moved.len()).unwrap())
}

#[test]
fn an_argument_with_the_name_of_a_keyword_can_be_named() {
    let upstream = Upstream::failing([Failure::Reset]);
    assert_eq!(manual(|| raw(&upstream, "tea".into())), Ok(10));
}
